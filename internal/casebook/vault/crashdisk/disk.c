/*
** A VFS for tests that stands below the sealed one: it tells Go of every change to a
** file before it happens, and does it with the platform's VFS unless Go refuses.
*/
#include "disk.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

typedef struct disk_file {
  sqlite3_file file;
  sqlite3_file *real;
  const char *name;
} disk_file;

#define SIZEOF_FILE ((int)((sizeof(disk_file) + 15) & ~(size_t)15))
#define REAL(f) (((disk_file *)(f))->real)
#define BASE(v) ((sqlite3_vfs *)(v)->pAppData)

static int tell(sqlite3_file *f, int op, const void *data, int n, sqlite3_int64 at) {
  return crashdiskChange(op, (char *)((disk_file *)f)->name, (void *)data, n, at);
}

static int x_close(sqlite3_file *f) { return REAL(f)->pMethods->xClose(REAL(f)); }
static int x_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
  return REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}
static int x_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
  int rc = tell(f, CRASHDISK_WRITE, from, n, at);
  return rc ? rc : REAL(f)->pMethods->xWrite(REAL(f), from, n, at);
}
static int x_truncate(sqlite3_file *f, sqlite3_int64 size) {
  int rc = tell(f, CRASHDISK_TRUNCATE, 0, 0, size);
  return rc ? rc : REAL(f)->pMethods->xTruncate(REAL(f), size);
}
static int x_sync(sqlite3_file *f, int flags) {
  (void)flags; /* the recording is the disk: nothing need wait for the real one */
  return tell(f, CRASHDISK_SYNC, 0, 0, 0);
}
static int x_size(sqlite3_file *f, sqlite3_int64 *size) { return REAL(f)->pMethods->xFileSize(REAL(f), size); }
static int x_lock(sqlite3_file *f, int level) { return REAL(f)->pMethods->xLock(REAL(f), level); }
static int x_unlock(sqlite3_file *f, int level) { return REAL(f)->pMethods->xUnlock(REAL(f), level); }
static int x_check_lock(sqlite3_file *f, int *out) { return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out); }
static int x_control(sqlite3_file *f, int op, void *arg) { return REAL(f)->pMethods->xFileControl(REAL(f), op, arg); }
static int x_sector(sqlite3_file *f) { return REAL(f)->pMethods->xSectorSize(REAL(f)); }
static int x_device(sqlite3_file *f) { return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f)); }
static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}
static int x_shm_lock(sqlite3_file *f, int at, int n, int flags) {
  return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}
static void x_shm_barrier(sqlite3_file *f) { REAL(f)->pMethods->xShmBarrier(REAL(f)); }
static int x_shm_unmap(sqlite3_file *f, int remove) { return REAL(f)->pMethods->xShmUnmap(REAL(f), remove); }

static const sqlite3_io_methods methods = {
    2,        x_close,  x_read,       x_write,   x_truncate, x_sync,   x_size,     x_lock,        x_unlock,   x_check_lock,
    x_control, x_sector, x_device,     x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, 0, 0};

static int x_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out) {
  disk_file *p = (disk_file *)f;
  memset(p, 0, sizeof *p);
  p->real = (sqlite3_file *)((char *)f + SIZEOF_FILE);
  p->real->pMethods = 0;
  p->name = name;
  int rc = BASE(v)->xOpen(BASE(v), name, p->real, flags, out);
  if (rc == SQLITE_OK) {
    p->file.pMethods = &methods;
  } else if (p->real->pMethods) {
    p->real->pMethods->xClose(p->real);
  }
  return rc;
}

static int x_delete(sqlite3_vfs *v, const char *name, int sync) {
  int rc = crashdiskChange(CRASHDISK_DELETE, (char *)name, 0, sync, 0);
  return rc ? rc : BASE(v)->xDelete(BASE(v), name, sync);
}
static int x_access(sqlite3_vfs *v, const char *name, int flags, int *out) {
  return BASE(v)->xAccess(BASE(v), name, flags, out);
}
static int x_full(sqlite3_vfs *v, const char *name, int n, char *out) {
  return BASE(v)->xFullPathname(BASE(v), name, n, out);
}
static void *x_dl_open(sqlite3_vfs *v, const char *name) { return BASE(v)->xDlOpen(BASE(v), name); }
static void x_dl_error(sqlite3_vfs *v, int n, char *out) { BASE(v)->xDlError(BASE(v), n, out); }
static void (*x_dl_sym(sqlite3_vfs *v, void *lib, const char *s))(void) { return BASE(v)->xDlSym(BASE(v), lib, s); }
static void x_dl_close(sqlite3_vfs *v, void *lib) { BASE(v)->xDlClose(BASE(v), lib); }
static int x_random(sqlite3_vfs *v, int n, char *out) { return BASE(v)->xRandomness(BASE(v), n, out); }
static int x_sleep(sqlite3_vfs *v, int us) { return BASE(v)->xSleep(BASE(v), us); }
static int x_time(sqlite3_vfs *v, double *out) { return BASE(v)->xCurrentTime(BASE(v), out); }
static int x_error(sqlite3_vfs *v, int n, char *out) { return BASE(v)->xGetLastError(BASE(v), n, out); }
static int x_time64(sqlite3_vfs *v, sqlite3_int64 *out) { return BASE(v)->xCurrentTimeInt64(BASE(v), out); }

int crashdisk_register(const char *name) {
  sqlite3_vfs *base = sqlite3_vfs_find(0);
  sqlite3_vfs *v = calloc(1, sizeof *v + strlen(name) + 1);
  if (base == 0 || v == 0) return SQLITE_NOMEM;
  char *own = (char *)(v + 1);
  memcpy(own, name, strlen(name) + 1);
  v->iVersion = 2;
  v->szOsFile = SIZEOF_FILE + base->szOsFile;
  v->mxPathname = base->mxPathname;
  v->zName = own;
  v->pAppData = base;
  v->xOpen = x_open;
  v->xDelete = x_delete;
  v->xAccess = x_access;
  v->xFullPathname = x_full;
  v->xDlOpen = x_dl_open;
  v->xDlError = x_dl_error;
  v->xDlSym = x_dl_sym;
  v->xDlClose = x_dl_close;
  v->xRandomness = x_random;
  v->xSleep = x_sleep;
  v->xCurrentTime = x_time;
  v->xGetLastError = x_error;
  v->xCurrentTimeInt64 = x_time64;
  return sqlite3_vfs_register(v, 0);
}
