/* The sealed VFS: see vfs.c and sealed_file.c, and docs/format.md for the file it writes. */
#ifndef COUPLET_VFS_H
#define COUPLET_VFS_H

#include "sqlite_decl.h"

/* What the Go side answers to seal, open, mask and header. */
#define COUPLET_DONE 0
#define COUPLET_NO_KEY 1
#define COUPLET_NOT_AUTHENTIC 2

/* A file control of ours: SQLITE_OK unless a write of this connection was refused. */
#define COUPLET_FCNTL_FAILED 0x43504c54

/*
** couplet_vfs_register makes the VFS `name` over the registered VFS `base` (NULL: the
** platform's default one) and returns an SQLite result code.
*/
int couplet_vfs_register(const char *name, const char *base);

#endif
