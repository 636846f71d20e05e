/*
** The sealed VFS. It stands between SQLite and the platform's own VFS, which does all
** real work on files, locks and shared memory. What passes through here is cut into
** the pages that docs/format.md describes; sealing and opening them is done in Go
** (seal.go). There is no cryptography in this file.
**
** Every access that SQLite is not known to make is refused: a pattern that was not
** foreseen must end in an error, never in plain text on the disk.
*/
#include "vfs.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

#define PAGE 4096
#define RESERVED 40
#define HEADER 8192        /* two header copies stand before the first page */
#define LOCK_HOLE 0x40000000LL /* SQLite's lock bytes: no page is stored here */
#define WAL_HEADER 32
#define FRAME_HEADER 24
#define FRAME (FRAME_HEADER + PAGE)
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
  unsigned char page[PAGE];
  unsigned char aad[16];
} couplet_file;

#define SIZEOF_FILE ((int)((sizeof(couplet_file) + 15) & ~(size_t)15))

static sqlite3_vfs *base_of(sqlite3_vfs *vfs) { return (sqlite3_vfs *)vfs->pAppData; }

/* ---- where a page stands ---- */

/* place_of is the offset in the file of what SQLite calls offset off of the database. */
static sqlite3_int64 place_of(sqlite3_int64 off) {
  off += HEADER;
  return off >= LOCK_HOLE ? off + PAGE : off;
}

/* logical_size is the size SQLite sees of a file of `size` bytes. */
static sqlite3_int64 logical_size(sqlite3_int64 size) {
  if (size > LOCK_HOLE) size = size < LOCK_HOLE + PAGE ? LOCK_HOLE : size - PAGE;
  return size < HEADER ? 0 : size - HEADER;
}

/* physical_size is the size of the file that SQLite sees as `size` bytes. */
static sqlite3_int64 physical_size(sqlite3_int64 size) {
  return size == 0 ? HEADER : place_of(size - PAGE) + PAGE;
}

/* ---- sealing and opening ---- */

static int outcome(int answer, int damaged) {
  switch (answer) {
    case COUPLET_DONE: return SQLITE_OK;
    case COUPLET_NO_KEY: return SQLITE_IOERR_AUTH;
    default: return damaged;
  }
}

static int seal_page(couplet_file *p, const unsigned char *plain, sqlite3_int64 off) {
  for (int i = PAGE - RESERVED; i < PAGE; i++) {
    if (plain[i] != 0) return SQLITE_IOERR_WRITE;
  }
  return outcome(coupletSeal(p->key, p->kind, off, (unsigned char *)plain, p->page, p->aad), SQLITE_IOERR_WRITE);
}

static int open_page(couplet_file *p, unsigned char *page, sqlite3_int64 off) {
  return outcome(coupletOpen(p->key, p->kind, off, page, p->aad), SQLITE_IOERR_DATA);
}

static void forget(couplet_file *p) {
  volatile unsigned char *b = p->page;
  for (int i = 0; i < PAGE; i++) b[i] = 0;
}

/* ---- the database file ---- */

static int database_size(couplet_file *p, sqlite3_int64 *size) {
  sqlite3_int64 physical;
  int rc = p->real->pMethods->xFileSize(p->real, &physical);
  if (rc == SQLITE_OK) *size = logical_size(physical);
  return rc;
}

static int database_read_page(couplet_file *p, unsigned char *to, sqlite3_int64 off) {
  int rc = p->real->pMethods->xRead(p->real, to, PAGE, place_of(off));
  if (rc == SQLITE_OK) return open_page(p, to, off);
  memset(to, 0, PAGE);
  if (rc != SQLITE_IOERR_SHORT_READ) return rc;
  /* Behind the end there is nothing; a page cut in two is damage. */
  sqlite3_int64 size;
  int err = database_size(p, &size);
  if (err != SQLITE_OK) return err;
  return off < size ? SQLITE_IOERR_DATA : rc;
}

/*
** The first 100 bytes are read before the log is looked at. Page 1 may just then be
** torn, with its good copy in the log: so the answer is the part of the header that
** is the same in every casebook, and the first read of the whole page decides.
*/
static int database_read_start(couplet_file *p, unsigned char *to) {
  static const unsigned char fixed[] = {
      'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ', '3', 0,
      0x10, 0x00, 2, 2, RESERVED, 64, 32, 32};
  sqlite3_int64 size;
  int rc = database_size(p, &size);
  memset(to, 0, 100);
  if (rc != SQLITE_OK) return rc;
  if (size < PAGE) return size == 0 ? SQLITE_IOERR_SHORT_READ : SQLITE_IOERR_DATA;
  memcpy(to, fixed, sizeof fixed);
  return SQLITE_OK;
}

static int database_read(couplet_file *p, unsigned char *to, int n, sqlite3_int64 off) {
  if (n == PAGE && off % PAGE == 0) return database_read_page(p, to, off);
  if (n == 100 && off == 0) return database_read_start(p, to);
  if (n == 16 && off == 24) { /* the version of a file that is not in WAL mode yet */
    int rc = database_read_page(p, p->page, 0);
    memcpy(to, p->page + off, n);
    forget(p);
    return rc;
  }
  return SQLITE_IOERR_READ;
}

/* store seals one page and writes it. */
static int database_store(couplet_file *p, const unsigned char *plain, sqlite3_int64 off) {
  int rc = seal_page(p, plain, off);
  if (rc != SQLITE_OK) return rc;
  return p->real->pMethods->xWrite(p->real, p->page, PAGE, place_of(off));
}

/* fill_gap makes the file reach `until` with sealed pages of zeros: there are no holes. */
static int fill_gap(couplet_file *p, sqlite3_int64 until) {
  static const unsigned char empty[PAGE];
  sqlite3_int64 size;
  int rc = database_size(p, &size);
  for (size -= size % PAGE; rc == SQLITE_OK && size < until; size += PAGE) {
    rc = database_store(p, empty, size);
  }
  return rc;
}

/* Page 1 must say what this format says: 4096 bytes, 40 reserved, no auto-vacuum. */
static int is_first_page(const unsigned char *plain) {
  static const unsigned char none[4];
  return plain[16] == 0x10 && plain[17] == 0 && plain[20] == RESERVED && memcmp(plain + 52, none, 4) == 0;
}

static int database_write_first(couplet_file *p, const unsigned char *plain) {
  unsigned char first[PAGE];
  if (!is_first_page(plain)) return SQLITE_IOERR_WRITE;
  memcpy(first, plain, PAGE);
  first[18] = first[19] = 2; /* the copy that VACUUM INTO makes is born in WAL mode */
  int rc = database_store(p, first, 0);
  memset(first, 0, PAGE);
  return rc;
}

static int database_write(couplet_file *p, const unsigned char *plain, int n, sqlite3_int64 off) {
  if (n != PAGE || off % PAGE != 0) return SQLITE_IOERR_WRITE;
  if (off == 0) return database_write_first(p, plain);
  int rc = fill_gap(p, off);
  if (rc != SQLITE_OK) return rc;
  return database_store(p, plain, off);
}

static int database_truncate(couplet_file *p, sqlite3_int64 size) {
  if (size % PAGE != 0) return SQLITE_IOERR_TRUNCATE;
  int rc = fill_gap(p, size);
  if (rc != SQLITE_OK) return rc;
  return p->real->pMethods->xTruncate(p->real, physical_size(size));
}

/* ---- the write-ahead log ---- */

static int mask(couplet_file *p, unsigned char *frame_header, sqlite3_int64 off, int hide) {
  return outcome(coupletMask(p->key, off, hide, frame_header + MASK_AT, p->aad), SQLITE_IOERR_DATA);
}

static int wal_read_real(couplet_file *p, void *to, int n, sqlite3_int64 off) {
  int rc = p->real->pMethods->xRead(p->real, to, n, off);
  return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_DATA : rc;
}

static int wal_read_page(couplet_file *p, unsigned char *to, sqlite3_int64 off) {
  int rc = wal_read_real(p, to, PAGE, off);
  return rc != SQLITE_OK ? rc : open_page(p, to, off);
}

/*
** A whole frame. While SQLite reads the log from its start, one that does not
** authenticate is the torn end of the log and is answered with zeros, which SQLite
** takes for no frame; at any other time it is damage.
*/
static int wal_read_frame(couplet_file *p, unsigned char *to, sqlite3_int64 off) {
  int rc = p->real->pMethods->xRead(p->real, to, FRAME, off);
  if (rc == SQLITE_OK) rc = mask(p, to, off, 0);
  if (rc == SQLITE_OK) rc = open_page(p, to + FRAME_HEADER, off + FRAME_HEADER);
  if (rc == SQLITE_OK) return rc;
  memset(to, 0, FRAME);
  return rc == SQLITE_IOERR_DATA && p->recovering ? SQLITE_OK : rc;
}

static int wal_read(couplet_file *p, unsigned char *to, int n, sqlite3_int64 off) {
  if (off < WAL_HEADER) {
    if (off + n > WAL_HEADER) return SQLITE_IOERR_READ;
    p->recovering = off == 0 && n == WAL_HEADER;
    return p->real->pMethods->xRead(p->real, to, n, off);
  }
  int within = (int)((off - WAL_HEADER) % FRAME);
  if (within == FRAME_HEADER && n == PAGE) return wal_read_page(p, to, off);
  if (within == 0 && n == FRAME) return wal_read_frame(p, to, off);
  if (within >= MASK_AT && within + n <= FRAME_HEADER) { /* the checksum of a frame */
    unsigned char header[FRAME_HEADER];
    p->recovering = 0;
    int rc = wal_read_real(p, header, FRAME_HEADER, off - within);
    if (rc == SQLITE_OK) rc = mask(p, header, off - within, 0);
    if (rc == SQLITE_OK) memcpy(to, header + within, n);
    return rc;
  }
  return SQLITE_IOERR_READ;
}

/*
** A page that claims to be page 1 (it begins with SQLite's name) must be one that the
** checkpoint will be able to write home.
*/
static int wal_check_page(couplet_file *p, const unsigned char *plain, sqlite3_int64 off) {
  static const unsigned char one[4] = {0, 0, 0, 1};
  unsigned char number[4];
  if (memcmp(plain, "SQLite format 3", 16) != 0 || is_first_page(plain)) return SQLITE_OK;
  int rc = wal_read_real(p, number, 4, off - FRAME_HEADER);
  if (rc != SQLITE_OK) return rc;
  return memcmp(number, one, 4) == 0 ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int wal_write(couplet_file *p, const unsigned char *plain, int n, sqlite3_int64 off) {
  p->recovering = 0;
  if (off == 0 && n == WAL_HEADER) return p->real->pMethods->xWrite(p->real, plain, n, off);
  if (off < WAL_HEADER) return SQLITE_IOERR_WRITE;
  int within = (int)((off - WAL_HEADER) % FRAME);
  if (within == 0 && n == FRAME_HEADER) {
    memcpy(p->page, plain, n);
    int rc = mask(p, p->page, off, 1);
    return rc != SQLITE_OK ? rc : p->real->pMethods->xWrite(p->real, p->page, n, off);
  }
  if (within == FRAME_HEADER && n == PAGE) {
    int rc = wal_check_page(p, plain, off);
    if (rc == SQLITE_OK) rc = seal_page(p, plain, off);
    return rc != SQLITE_OK ? rc : p->real->pMethods->xWrite(p->real, p->page, n, off);
  }
  return SQLITE_IOERR_WRITE;
}

/* ---- methods of a file ---- */

static int x_close(sqlite3_file *f) {
  couplet_file *p = (couplet_file *)f;
  forget(p);
  return p->real->pMethods->xClose(p->real);
}

static int x_read(sqlite3_file *f, void *to, int n, sqlite3_int64 off) {
  couplet_file *p = (couplet_file *)f;
  switch (p->kind) {
    case KIND_DATABASE: return database_read(p, to, n, off);
    case KIND_WAL: return wal_read(p, to, n, off);
    default: return n <= JOURNAL_MAX ? p->real->pMethods->xRead(p->real, to, n, off) : SQLITE_IOERR_READ;
  }
}

/* remember notes on the database file that a change was refused. */
static int remember(couplet_file *p, int rc) {
  if (rc != SQLITE_OK) p->database->failed = 1;
  return rc;
}

static int write_any(couplet_file *p, const void *from, int n, sqlite3_int64 off) {
  switch (p->kind) {
    case KIND_DATABASE: return database_write(p, from, n, off);
    case KIND_WAL: return wal_write(p, from, n, off);
    default: /* content never goes to a rollback journal */
      if (off + n > JOURNAL_MAX) return SQLITE_IOERR_WRITE;
      return p->real->pMethods->xWrite(p->real, from, n, off);
  }
}

static int x_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 off) {
  couplet_file *p = (couplet_file *)f;
  return remember(p, write_any(p, from, n, off));
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size) {
  couplet_file *p = (couplet_file *)f;
  if (p->kind == KIND_DATABASE) return remember(p, database_truncate(p, size));
  return remember(p, p->real->pMethods->xTruncate(p->real, size));
}

static int x_file_size(sqlite3_file *f, sqlite3_int64 *size) {
  couplet_file *p = (couplet_file *)f;
  if (p->kind == KIND_DATABASE) return database_size(p, size);
  return p->real->pMethods->xFileSize(p->real, size);
}

static int x_sync(sqlite3_file *f, int flags) {
  couplet_file *p = (couplet_file *)f;
  return remember(p, p->real->pMethods->xSync(p->real, flags));
}

static int x_lock(sqlite3_file *f, int level) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xLock(p->real, level);
}

static int x_unlock(sqlite3_file *f, int level) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xUnlock(p->real, level);
}

static int x_check_reserved_lock(sqlite3_file *f, int *out) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xCheckReservedLock(p->real, out);
}

static int x_file_control(sqlite3_file *f, int op, void *arg) {
  couplet_file *p = (couplet_file *)f;
  switch (op) {
    case SQLITE_FCNTL_SIZE_HINT: /* both would lengthen the file with bytes that are no page */
    case SQLITE_FCNTL_CHUNK_SIZE: return SQLITE_OK;
    case SQLITE_FCNTL_MMAP_SIZE: /* a mapping would show sealed bytes */
      *(sqlite3_int64 *)arg = 0;
      return SQLITE_OK;
    case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE: return SQLITE_NOTFOUND;
    case COUPLET_FCNTL_FAILED: return p->failed ? SQLITE_IOERR_WRITE : SQLITE_OK;
    default: return p->real->pMethods->xFileControl(p->real, op, arg);
  }
}

static int x_sector_size(sqlite3_file *f) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xSectorSize(p->real);
}

/*
** Only what stays true of sealed pages is passed on: no atomic writes, no reads of
** part of a page. Without power-safe overwrite SQLite would write pages in pieces.
*/
static int x_device_characteristics(sqlite3_file *f) {
  couplet_file *p = (couplet_file *)f;
  int caps = p->real->pMethods->xDeviceCharacteristics(p->real);
  return (caps & SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN) | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xShmMap(p->real, page, size, extend, out);
}

static int x_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xShmLock(p->real, offset, n, flags);
}

static void x_shm_barrier(sqlite3_file *f) {
  couplet_file *p = (couplet_file *)f;
  p->real->pMethods->xShmBarrier(p->real);
}

static int x_shm_unmap(sqlite3_file *f, int remove) {
  couplet_file *p = (couplet_file *)f;
  return p->real->pMethods->xShmUnmap(p->real, remove);
}

/* Version 2: shared memory for the log, and no memory-mapped pages (version 3). */
static const sqlite3_io_methods methods = {
    2,          x_close,  x_read,        x_write,
    x_truncate, x_sync,   x_file_size,   x_lock,
    x_unlock,   x_check_reserved_lock,   x_file_control,
    x_sector_size,        x_device_characteristics,
    x_shm_map,  x_shm_lock, x_shm_barrier, x_shm_unmap,
    0,          0};

/* ---- opening ---- */

/* A file of no bytes that may be written becomes a casebook with the key's header. */
static int write_header(couplet_file *p) {
  int rc = outcome(coupletHeader(p->key, p->page), SQLITE_CANTOPEN);
  for (int copy = 0; rc == SQLITE_OK && copy < HEADER / PAGE; copy++) {
    rc = p->real->pMethods->xWrite(p->real, p->page, PAGE, (sqlite3_int64)copy * PAGE);
  }
  return rc;
}

static int look_at_database(couplet_file *p, int create) {
  sqlite3_int64 size;
  int rc = p->real->pMethods->xFileSize(p->real, &size);
  if (rc != SQLITE_OK) return rc;
  if (size == 0) {
    p->fresh = 1;
    return create ? write_header(p) : SQLITE_NOTADB;
  }
  return size < HEADER + PAGE ? SQLITE_CORRUPT : SQLITE_OK;
}

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
  couplet_file *p = (couplet_file *)f;
  sqlite3_vfs *base = base_of(vfs);
  memset(p, 0, sizeof *p);
  if (name == 0) return SQLITE_CANTOPEN; /* a temporary file: it would hold plain text */
  if (flags & SQLITE_OPEN_MAIN_DB) {
    p->kind = KIND_DATABASE;
    p->database = p;
  } else if (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) {
    p->kind = flags & SQLITE_OPEN_WAL ? KIND_WAL : KIND_JOURNAL;
    p->database = (couplet_file *)sqlite3_database_file_object(name);
    if (p->kind == KIND_JOURNAL && !p->database->fresh) return SQLITE_CANTOPEN;
  } else {
    return SQLITE_CANTOPEN;
  }
  p->key = sqlite3_uri_int64(name, "keyid", 0);
  if (coupletKnown(p->key) != COUPLET_DONE) return SQLITE_CANTOPEN;

  p->real = (sqlite3_file *)((char *)f + SIZEOF_FILE);
  p->real->pMethods = 0;
  int granted = flags;
  int rc = base->xOpen(base, name, p->real, flags, &granted);
  if (rc == SQLITE_OK && p->kind == KIND_DATABASE) {
    rc = look_at_database(p, (flags & SQLITE_OPEN_CREATE) && (granted & SQLITE_OPEN_READWRITE));
  }
  if (rc != SQLITE_OK) {
    if (p->real->pMethods) p->real->pMethods->xClose(p->real);
    return rc;
  }
  if (out) *out = granted;
  p->file.pMethods = &methods;
  return SQLITE_OK;
}

/* ---- everything else is the platform's ---- */

static int x_delete(sqlite3_vfs *v, const char *name, int sync) {
  return base_of(v)->xDelete(base_of(v), name, sync);
}
/*
** A casebook has a log and no rollback journal. Only VACUUM INTO makes one, for the
** file it begins: a header without content. What lies beside a casebook under that
** name was put there by something else and is not rolled back into it.
*/
static int x_access(sqlite3_vfs *v, const char *name, int flags, int *out) {
  static const char journal[] = "-journal";
  size_t n = strlen(name), m = sizeof journal - 1;
  if (n >= m && memcmp(name + n - m, journal, m) == 0) {
    *out = 0;
    return SQLITE_OK;
  }
  return base_of(v)->xAccess(base_of(v), name, flags, out);
}
static int x_full_pathname(sqlite3_vfs *v, const char *name, int n, char *out) {
  return base_of(v)->xFullPathname(base_of(v), name, n, out);
}
static void *x_dl_open(sqlite3_vfs *v, const char *name) { return base_of(v)->xDlOpen(base_of(v), name); }
static void x_dl_error(sqlite3_vfs *v, int n, char *out) { base_of(v)->xDlError(base_of(v), n, out); }
static void (*x_dl_sym(sqlite3_vfs *v, void *lib, const char *symbol))(void) {
  return base_of(v)->xDlSym(base_of(v), lib, symbol);
}
static void x_dl_close(sqlite3_vfs *v, void *lib) { base_of(v)->xDlClose(base_of(v), lib); }
static int x_randomness(sqlite3_vfs *v, int n, char *out) { return base_of(v)->xRandomness(base_of(v), n, out); }
static int x_sleep(sqlite3_vfs *v, int us) { return base_of(v)->xSleep(base_of(v), us); }
static int x_current_time(sqlite3_vfs *v, double *out) { return base_of(v)->xCurrentTime(base_of(v), out); }
static int x_last_error(sqlite3_vfs *v, int n, char *out) { return base_of(v)->xGetLastError(base_of(v), n, out); }
static int x_current_time_int64(sqlite3_vfs *v, sqlite3_int64 *out) {
  return base_of(v)->xCurrentTimeInt64(base_of(v), out);
}

int couplet_vfs_register(const char *name, const char *base_name) {
  if (sqlite3_libversion_number() < 3038000) return SQLITE_NOTFOUND;
  sqlite3_vfs *base = sqlite3_vfs_find(base_name);
  if (base == 0 || base->iVersion < 2) return SQLITE_NOTFOUND;
  sqlite3_vfs *v = calloc(1, sizeof *v + strlen(name) + 1);
  if (v == 0) return SQLITE_NOMEM;
  char *own_name = (char *)(v + 1);
  memcpy(own_name, name, strlen(name) + 1);
  v->iVersion = 2;
  v->szOsFile = SIZEOF_FILE + base->szOsFile;
  v->mxPathname = base->mxPathname;
  v->zName = own_name;
  v->pAppData = base;
  v->xOpen = x_open;
  v->xDelete = x_delete;
  v->xAccess = x_access;
  v->xFullPathname = x_full_pathname;
  v->xDlOpen = x_dl_open;
  v->xDlError = x_dl_error;
  v->xDlSym = x_dl_sym;
  v->xDlClose = x_dl_close;
  v->xRandomness = x_randomness;
  v->xSleep = x_sleep;
  v->xCurrentTime = x_current_time;
  v->xGetLastError = x_last_error;
  v->xCurrentTimeInt64 = x_current_time_int64;
  return sqlite3_vfs_register(v, 0); /* lives as long as the program */
}
