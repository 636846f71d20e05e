/*
** The sealed VFS. It stands between SQLite and the platform's own VFS, which does all
** real work on files, locks and shared memory. This half opens files and decides which
** may be opened at all; sealed_file.c reads and writes them. There is no cryptography
** in either.
*/
#include "sealed_file.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

static sqlite3_vfs *base_of(sqlite3_vfs *vfs) { return (sqlite3_vfs *)vfs->pAppData; }

/* ---- opening ---- */

/* A file of no bytes that may be written becomes a casebook with the key's header. */
static int write_header(couplet_file *p) {
  int rc = couplet_outcome(coupletHeader(p->key, p->page), SQLITE_CANTOPEN);
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
  p->file.pMethods = &couplet_file_methods;
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

/*
** Every connection keeps whole results. By itself SQLite cuts a result down when it
** comes through a statement within a statement, as all reads of the schema and of the
** search index do: a page that is not authentic would look like a failing disk.
*/
static int keep_whole_results(sqlite3 *db, char **error, const struct sqlite3_api_routines *api) {
  (void)error, (void)api;
  return sqlite3_extended_result_codes(db, 1);
}

int couplet_vfs_register(const char *name, const char *base_name) {
  if (sqlite3_libversion_number() < 3038000) return SQLITE_NOTFOUND;
  sqlite3_vfs *base = sqlite3_vfs_find(base_name);
  if (base == 0 || base->iVersion < 2) return SQLITE_NOTFOUND;
  int rc = sqlite3_auto_extension((void (*)(void))keep_whole_results);
  if (rc != SQLITE_OK) return rc;
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
