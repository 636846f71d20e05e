/*
** The stamp of a write transaction, and the list of rows that it changed, live in the
** connection: in a table they would be two more pages in every save.
**
**   couplet_stamp(mode, hlc, dev)  opens the stamp of the transaction under way: hlc
**   couplet_mode()                 0 when none is open: the triggers refuse the write
**   couplet_hlc(), couplet_dev()   what the clocks of the changed rows say
**   couplet_dirty(kind, id)        notes a row whose texts have to be indexed anew
**   couplet_dirty()                takes that list: kind, a zero byte, sixteen bytes of
**                                  id, and so on
**
** The stamp closes with its transaction, however that ends. Only SQL of the program
** itself can open it, not SQL that stands in a file.
*/
#include "stamp.h"

#include <stdlib.h>
#include <string.h>

#include "sqlite_decl.h"

enum { ID_BYTES = 16 };

typedef struct stamp {
  sqlite3_int64 mode, hlc, dev;
  char *dirty;
  size_t len, cap;
} stamp;

static stamp *stamp_of(sqlite3_context *c) { return (stamp *)sqlite3_user_data(c); }

static void close_stamp(void *p) {
  stamp *s = (stamp *)p;
  s->mode = 0;
  s->len = 0;
}

static int on_commit(void *p) {
  close_stamp(p);
  return 0;
}

static void free_stamp(void *p) {
  free(((stamp *)p)->dirty);
  free(p);
}

static void f_stamp(sqlite3_context *c, int n, sqlite3_value **v) {
  stamp *s = stamp_of(c);
  (void)n;
  s->mode = sqlite3_value_int64(v[0]);
  s->hlc = sqlite3_value_int64(v[1]);
  s->dev = sqlite3_value_int64(v[2]);
  s->len = 0;
  sqlite3_result_int64(c, s->hlc);
}

static void f_mode(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n, (void)v;
  sqlite3_result_int64(c, stamp_of(c)->mode);
}
static void f_hlc(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n, (void)v;
  sqlite3_result_int64(c, stamp_of(c)->hlc);
}
static void f_dev(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n, (void)v;
  sqlite3_result_int64(c, stamp_of(c)->dev);
}

static void f_dirty(sqlite3_context *c, int n, sqlite3_value **v) {
  stamp *s = stamp_of(c);
  (void)n;
  const unsigned char *kind = sqlite3_value_text(v[0]);
  size_t kind_len = (size_t)sqlite3_value_bytes(v[0]);
  const void *id = sqlite3_value_blob(v[1]);
  if (kind == 0 || id == 0 || sqlite3_value_bytes(v[1]) != ID_BYTES || strlen((const char *)kind) != kind_len) {
    sqlite3_result_error(c, "couplet_dirty: a kind and an id", -1);
    return;
  }
  size_t more = kind_len + 1 + ID_BYTES;
  if (s->len + more > s->cap) {
    size_t cap = 2 * (s->len + more);
    char *grown = realloc(s->dirty, cap);
    if (grown == 0) {
      sqlite3_result_error_nomem(c);
      return;
    }
    s->dirty = grown;
    s->cap = cap;
  }
  memcpy(s->dirty + s->len, kind, kind_len + 1);
  memcpy(s->dirty + s->len + kind_len + 1, id, ID_BYTES);
  s->len += more;
  sqlite3_result_int64(c, 1);
}

static void f_take_dirty(sqlite3_context *c, int n, sqlite3_value **v) {
  stamp *s = stamp_of(c);
  (void)n, (void)v;
  if (s->len > 0x7fffffff) {
    sqlite3_result_error_nomem(c);
    return;
  }
  sqlite3_result_blob(c, s->len > 0 ? s->dirty : "", (int)s->len, SQLITE_TRANSIENT);
  s->len = 0;
}

typedef void (*function)(sqlite3_context *, int, sqlite3_value **);

static int give_stamp(sqlite3 *db, char **error, const struct sqlite3_api_routines *api) {
  static const struct {
    const char *name;
    int args, flags;
    function f;
  } functions[] = {
      {"couplet_mode", 0, SQLITE_INNOCUOUS, f_mode},
      {"couplet_hlc", 0, SQLITE_INNOCUOUS, f_hlc},
      {"couplet_dev", 0, SQLITE_INNOCUOUS, f_dev},
      {"couplet_dirty", 2, SQLITE_INNOCUOUS, f_dirty},
      {"couplet_dirty", 0, SQLITE_DIRECTONLY, f_take_dirty},
  };
  (void)error, (void)api;
  /* A plan that may depend on a bound value is made anew at every binding: five times
  ** the cost of the small look-ups that saves and pages are made of. */
  int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0);
  if (rc != SQLITE_OK) return rc;
  stamp *s = calloc(1, sizeof *s);
  if (s == 0) return SQLITE_NOMEM;
  /* This one owns the stamp; should it not come to be, SQLite frees the stamp at once. */
  rc = sqlite3_create_function_v2(db, "couplet_stamp", 3, SQLITE_UTF8 | SQLITE_DIRECTONLY, s, f_stamp, 0, 0, free_stamp);
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof functions / sizeof *functions; i++) {
    rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].args, SQLITE_UTF8 | functions[i].flags, s, functions[i].f, 0, 0, 0);
  }
  if (rc != SQLITE_OK) return rc;
  sqlite3_commit_hook(db, on_commit, s);
  sqlite3_rollback_hook(db, close_stamp, s);
  return SQLITE_OK;
}

int couplet_stamp_register(void) { return sqlite3_auto_extension((void (*)(void))give_stamp); }
