/* The recording VFS: see disk.c. */
#ifndef COUPLET_CRASHDISK_H
#define COUPLET_CRASHDISK_H

#include "../sqlite_decl.h"

#define CRASHDISK_WRITE 0
#define CRASHDISK_TRUNCATE 1
#define CRASHDISK_SYNC 2
#define CRASHDISK_DELETE 3

int crashdisk_register(const char *name);

#endif
