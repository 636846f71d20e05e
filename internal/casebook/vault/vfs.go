package vault

/*
#include <stdlib.h>
#include "sees.h"
#include "stamp.h"
#include "vfs.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	// SQLite itself, which the C files are linked against, and the driver that uses it.
	_ "github.com/mattn/go-sqlite3"
)

// vfsName is how a DSN asks for the sealed VFS.
const vfsName = "couplet"

// fcntlFailed asks a connection whether a write of its was refused.
const fcntlFailed = C.COUPLET_FCNTL_FAILED

func init() {
	if err := registerVFS(vfsName, ""); err != nil {
		panic(err)
	}
	if rc := C.couplet_stamp_register(); rc != C.SQLITE_OK {
		panic(fmt.Sprintf("register the stamp: SQLite result %d", int(rc)))
	}
	if rc := C.couplet_sees_register(); rc != C.SQLITE_OK {
		panic(fmt.Sprintf("register what is seen: SQLite result %d", int(rc)))
	}
}

// registerVFS makes the sealed VFS name over base; the empty base is the platform's.
func registerVFS(name, base string) error {
	cname := C.CString(name)
	defer C.free(unsafe.Pointer(cname))
	var cbase *C.char
	if base != "" {
		cbase = C.CString(base)
		defer C.free(unsafe.Pointer(cbase))
	}
	if rc := C.couplet_vfs_register(cname, cbase); rc != C.SQLITE_OK {
		return fmt.Errorf("register the sealed VFS: SQLite result %d", int(rc))
	}
	return nil
}

// roles are the file roles by the numbers that sealed_file.h gives for them.
var roles = [...]role{roleDatabase, roleWAL}

func bytesAt(p *C.uchar, n int) []byte { return unsafe.Slice((*byte)(p), n) }

//export coupletKnown
func coupletKnown(handle C.longlong) C.int {
	if keyByHandle(int64(handle)) == nil {
		return C.COUPLET_NO_KEY
	}
	return C.COUPLET_DONE
}

//export coupletHeader
func coupletHeader(handle C.longlong, to *C.uchar) C.int {
	k := keyByHandle(int64(handle))
	if k == nil || !k.copyHeader(bytesAt(to, copySize)) {
		return C.COUPLET_NO_KEY
	}
	return C.COUPLET_DONE
}

//export coupletSeal
func coupletSeal(handle C.longlong, kind C.int, off C.longlong, from, to, aad *C.uchar) C.int {
	k := keyByHandle(int64(handle))
	if k == nil || !k.seal(roles[kind], int64(off), bytesAt(from, pageSize), bytesAt(to, pageSize), bytesAt(aad, aadSize)) {
		return C.COUPLET_NO_KEY
	}
	return C.COUPLET_DONE
}

//export coupletOpen
func coupletOpen(handle C.longlong, kind C.int, off C.longlong, page, aad *C.uchar) C.int {
	k := keyByHandle(int64(handle))
	if k == nil {
		return C.COUPLET_NO_KEY
	}
	if !k.open(roles[kind], int64(off), bytesAt(page, pageSize), bytesAt(aad, aadSize)) {
		return C.COUPLET_NOT_AUTHENTIC
	}
	return C.COUPLET_DONE
}

//export coupletMask
func coupletMask(handle C.longlong, off C.longlong, hide C.int, block, tweak *C.uchar) C.int {
	k := keyByHandle(int64(handle))
	if k == nil || !k.mask(int64(off), hide != 0, bytesAt(block, maskSize), bytesAt(tweak, maskSize)) {
		return C.COUPLET_NO_KEY
	}
	return C.COUPLET_DONE
}
