/*
** Reading and writing the files of a casebook: SQLite's reads and writes are cut into
** the pages that docs/format.md describes, which Go seals and opens (seal.go).
**
** Every access that SQLite is not known to make is refused: a pattern that was not
** foreseen must end in an error, never in plain text on the disk.
*/
#include "sealed_file.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

_Static_assert(offsetof(couplet_file, page) == offsetof(couplet_file, head) + FRAME_HEADER, "a frame lies in one piece");

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

int couplet_outcome(int answer, int damaged) {
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
  return couplet_outcome(coupletSeal(p->key, p->kind, off, (unsigned char *)plain, p->page, p->aad), SQLITE_IOERR_WRITE);
}

static int open_page(couplet_file *p, unsigned char *page, sqlite3_int64 off) {
  return couplet_outcome(coupletOpen(p->key, p->kind, off, page, p->aad), SQLITE_IOERR_DATA);
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
  return couplet_outcome(coupletMask(p->key, off, hide, frame_header + MASK_AT, p->aad), SQLITE_IOERR_DATA);
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

static int wal_let_go(couplet_file *p);

static int wal_read(couplet_file *p, unsigned char *to, int n, sqlite3_int64 off) {
  int held = wal_let_go(p);
  if (held != SQLITE_OK) return held;
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

/* remember notes on the database file that a change was refused. */
static int remember(couplet_file *p, int rc) {
  if (rc != SQLITE_OK) p->database->failed = 1;
  return rc;
}

/*
** frames_out writes the gathered frames. SQLite takes them for written, so that when the
** disk refuses them nothing more may follow: a commit would build on frames that are not
** there. What goes on is a new connection (driver.go).
*/
static int frames_out(couplet_file *p) {
  int n = p->gathered * FRAME;
  p->gathered = 0;
  int rc = n == 0 ? SQLITE_OK : p->real->pMethods->xWrite(p->real, p->frames, n, p->frames_at);
  if (rc != SQLITE_OK) p->lost = 1;
  return remember(p, rc);
}

/*
** SQLite writes the head of a frame and its page one after the other, and frame after
** frame. The head is held until the page comes, and frames are gathered until the one
** that ends their transaction, so that a save goes to the disk in few writes. Whatever
** else is asked of the log lets all of it go first; until then nobody but this writer
** knows of those frames.
*/
static int wal_let_go(couplet_file *p) {
  int rc = frames_out(p);
  if (rc != SQLITE_OK || !p->holding) return rc;
  p->holding = 0;
  return remember(p, p->real->pMethods->xWrite(p->real, p->head, FRAME_HEADER, p->held_at));
}

/*
** A page that claims to be page 1 (it begins with SQLite's name) must be one that the
** checkpoint will be able to write home.
*/
static int wal_check_page(couplet_file *p, const unsigned char *plain, sqlite3_int64 off) {
  static const unsigned char one[4] = {0, 0, 0, 1};
  unsigned char number[4];
  if (memcmp(plain, "SQLite format 3", 16) != 0 || is_first_page(plain)) return SQLITE_OK;
  if (p->holding) {
    memcpy(number, p->head, 4); /* the number of the page is not masked */
  } else {
    int rc = wal_read_real(p, number, 4, off - FRAME_HEADER);
    if (rc != SQLITE_OK) return rc;
  }
  return memcmp(number, one, 4) == 0 ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

/* follows says whether a frame that begins at off goes behind the gathered ones. */
static int follows(const couplet_file *p, sqlite3_int64 off) {
  return p->gathered < GATHERED && off == p->frames_at + (sqlite3_int64)p->gathered * FRAME;
}

/* wal_write_frame gathers the head that is held and the page that belongs to it. */
static int wal_write_frame(couplet_file *p, const unsigned char *plain, sqlite3_int64 off) {
  static const unsigned char none[4];
  int rc = wal_check_page(p, plain, off);
  if (rc == SQLITE_OK) rc = seal_page(p, plain, off);
  p->holding = 0;
  if (rc == SQLITE_OK && p->frames == 0 && (p->frames = malloc(GATHERED * FRAME)) == 0) rc = SQLITE_NOMEM;
  if (rc == SQLITE_OK && !follows(p, p->held_at)) rc = frames_out(p);
  if (rc != SQLITE_OK) return rc;
  if (p->gathered == 0) p->frames_at = p->held_at;
  memcpy(p->frames + p->gathered++ * FRAME, p->head, FRAME);
  int commits = memcmp(p->head + 4, none, 4) != 0; /* the size of the database, in the last frame alone */
  return commits ? frames_out(p) : SQLITE_OK;
}

static int wal_write(couplet_file *p, const unsigned char *plain, int n, sqlite3_int64 off) {
  if (p->lost) return SQLITE_IOERR_WRITE;
  p->recovering = 0;
  int within = off < WAL_HEADER ? 0 : (int)((off - WAL_HEADER) % FRAME);
  if (p->holding && within == FRAME_HEADER && n == PAGE && off == p->held_at + FRAME_HEADER) return wal_write_frame(p, plain, off);
  int rc = SQLITE_OK;
  if (p->holding || within != 0 || n != FRAME_HEADER || !follows(p, off)) rc = wal_let_go(p);
  if (rc != SQLITE_OK) return rc;
  if (off == 0 && n == WAL_HEADER) return p->real->pMethods->xWrite(p->real, plain, n, off);
  if (off < WAL_HEADER) return SQLITE_IOERR_WRITE;
  if (within == 0 && n == FRAME_HEADER) {
    memcpy(p->head, plain, n);
    rc = mask(p, p->head, off, 1);
    p->holding = rc == SQLITE_OK;
    p->held_at = off;
    return rc;
  }
  if (within == FRAME_HEADER && n == PAGE) {
    rc = wal_check_page(p, plain, off);
    if (rc == SQLITE_OK) rc = seal_page(p, plain, off);
    return rc != SQLITE_OK ? rc : p->real->pMethods->xWrite(p->real, p->page, n, off);
  }
  return SQLITE_IOERR_WRITE;
}

/* ---- methods of a file ---- */

static int x_close(sqlite3_file *f) {
  couplet_file *p = (couplet_file *)f;
  int held = wal_let_go(p);
  forget(p);
  free(p->frames);
  int rc = p->real->pMethods->xClose(p->real);
  return held != SQLITE_OK ? held : rc;
}

static int x_read(sqlite3_file *f, void *to, int n, sqlite3_int64 off) {
  couplet_file *p = (couplet_file *)f;
  switch (p->kind) {
    case KIND_DATABASE: return database_read(p, to, n, off);
    case KIND_WAL: return wal_read(p, to, n, off);
    default: return n <= JOURNAL_MAX ? p->real->pMethods->xRead(p->real, to, n, off) : SQLITE_IOERR_READ;
  }
}

static int write_any(couplet_file *p, const void *from, int n, sqlite3_int64 off) {
  switch (p->kind) {
    case KIND_DATABASE: return database_write(p, from, n, off);
    case KIND_WAL: return wal_write(p, from, n, off);
    default: /* Content never goes to a rollback journal: its pieces of a page are refused.
             ** A copy that outgrows the memory for its pages writes one head after another. */
      if (n > JOURNAL_MAX) return SQLITE_IOERR_WRITE;
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
  int held = wal_let_go(p);
  return remember(p, held != SQLITE_OK ? held : p->real->pMethods->xTruncate(p->real, size));
}

static int x_file_size(sqlite3_file *f, sqlite3_int64 *size) {
  couplet_file *p = (couplet_file *)f;
  if (p->kind == KIND_DATABASE) return database_size(p, size);
  int held = wal_let_go(p);
  if (held != SQLITE_OK) return held;
  return p->real->pMethods->xFileSize(p->real, size);
}

static int x_sync(sqlite3_file *f, int flags) {
  couplet_file *p = (couplet_file *)f;
  int held = wal_let_go(p);
  return remember(p, held != SQLITE_OK ? held : p->real->pMethods->xSync(p->real, flags));
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
const sqlite3_io_methods couplet_file_methods = {
    2,          x_close,  x_read,        x_write,
    x_truncate, x_sync,   x_file_size,   x_lock,
    x_unlock,   x_check_reserved_lock,   x_file_control,
    x_sector_size,        x_device_characteristics,
    x_shm_map,  x_shm_lock, x_shm_barrier, x_shm_unmap,
    0,          0};
