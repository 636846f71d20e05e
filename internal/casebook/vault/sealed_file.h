/* A sealed file as the two halves of the VFS know it: vfs.c opens it, sealed_file.c
** reads and writes it. */
#ifndef COUPLET_SEALED_FILE_H
#define COUPLET_SEALED_FILE_H

#include "vfs.h"

#define PAGE 4096
#define RESERVED 40
#define HEADER 8192        /* two header copies stand before the first page */
#define LOCK_HOLE 0x40000000LL /* SQLite's lock bytes: no page is stored here */
#define WAL_HEADER 32
#define FRAME_HEADER 24
#define FRAME (FRAME_HEADER + PAGE)
#define GATHERED 30        /* frames of a log that go to the disk in one write; SQLite writes less than 128 KiB at once */
#define MASK_AT 8          /* salts and checksums within a frame header */
#define JOURNAL_MAX 512    /* a journal may hold its header and nothing else */

enum { KIND_DATABASE = 0, KIND_WAL = 1, KIND_JOURNAL = 2 };

typedef struct couplet_file {
  sqlite3_file file;
  sqlite3_file *real; /* the platform's file, right behind this struct */
  sqlite3_int64 key;
  int kind;
  int recovering; /* SQLite is reading the log from its start */
  int fresh; /* a database file made by this very opening of it */
  int failed; /* a database file: a write to it or to its log was refused */
  struct couplet_file *database; /* a log or journal: the file it belongs to */
  int holding;           /* a log: the head of a frame waits for its page */
  sqlite3_int64 held_at; /* where that frame begins */
  unsigned char *frames; /* a log: sealed frames that wait for the end of their transaction */
  int gathered;          /* how many */
  sqlite3_int64 frames_at; /* where the first of them begins */
  int lost;              /* a log: gathered frames were refused, nothing more may follow them */
  unsigned char head[FRAME_HEADER]; /* right before page: both are written at once */
  unsigned char page[PAGE];
  unsigned char aad[16];
} couplet_file;

#define SIZEOF_FILE ((int)((sizeof(couplet_file) + 15) & ~(size_t)15))

extern const sqlite3_io_methods couplet_file_methods;

/* What the answer of a Go function is to SQLite. */
int couplet_outcome(int answer, int damaged);

#endif
