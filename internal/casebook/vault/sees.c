/*
** The records that the account behind a connection may read are sets of ids in the
** connection: the views that stand before its tables ask them row by row, and a look-up
** costs less than one in a table.
**
**   couplet_set(n, ids)   makes ids, sixteen bytes each and in order, set number n;
**                         NULL takes the set away
**   couplet_gated()       1 where set 0 is there: something may be kept from the reader
**   couplet_sees(id)      whether id is in set 0, the records, people and enquiries
**   couplet_own(id)       set 1: records that are one's own, not lent
**   couplet_named(id)     set 2: records whose safety items a supervisor may read
**   couplet_veiled(id)    set 3: records and people without their names
**   couplet_docs()        readies what couplet_doc answers by; 1
**   couplet_doc(n)        whether document n of the search index is one that the
**                         connection's own search_doc shows: kept as bits, since a
**                         search asks it of every hit
**   couplet_knows(id)     whether a row with parts is seen, NULL if that was not asked yet
**   couplet_learn(id, r)  the same by the record that it belongs to, and remembers it
**   couplet_add(id)       adds to sets 0 and 1 what a write is just making
**
** Only SQL of the program itself can change the sets, not SQL that stands in a file.
*/
#include "sees.h"

#include <stdlib.h>
#include <string.h>

#include "sqlite_decl.h"

enum { ID_BYTES = 16, SETS = 4, KNOWN = 1 << 12 };

typedef struct set {
  unsigned char *ids;
  size_t n;
  int there;
  unsigned *places; /* of the ids, by their last bytes: a power of two of them, one more than the place, 0 for none */
  size_t mask;
} set;

typedef struct sees {
  set sets[SETS];
  unsigned char *docs; /* a bit for each document up to last */
  size_t docs_cap;
  sqlite3_int64 last;
  unsigned version; /* of the data when the bits were set */
  int docs_there;
  struct {
    unsigned char id[ID_BYTES];
    signed char seen; /* 0 for nothing here, 1 for not seen, 2 for seen */
  } known[KNOWN];
  unsigned known_version;
} sees;

/* A document's number is never given to another one, but for the last ones: those are
** looked at again whenever something changed. */
enum { TAIL = 1 << 16 };

static sees *sees_of(sqlite3_context *c) { return (sees *)sqlite3_user_data(c); }

static void free_sees(void *p) {
  for (int i = 0; i < SETS; i++) {
    free(((sees *)p)->sets[i].ids);
    free(((sees *)p)->sets[i].places);
  }
  free(((sees *)p)->docs);
  free(p);
}

/* place is where id is in the set, or where it would be. */
static size_t place(const set *s, const void *id, int *found) {
  size_t lo = 0, hi = s->n;
  *found = 0;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    int c = memcmp(s->ids + mid * ID_BYTES, id, ID_BYTES);
    if (c == 0) {
      *found = 1;
      return mid;
    }
    if (c < 0) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/* last_bytes of an id are random. */
static size_t last_bytes(const unsigned char *id) {
  return (size_t)id[ID_BYTES - 1] | (size_t)id[ID_BYTES - 2] << 8 | (size_t)id[ID_BYTES - 3] << 16;
}

static void forget_places(set *s) {
  free(s->places);
  s->places = 0;
}

/* find_places readies holds; without memory for it the order of the ids does. */
static void find_places(set *s) {
  size_t size = 16;
  while (size < 2 * s->n) size *= 2;
  s->places = calloc(size, sizeof *s->places);
  s->mask = size - 1;
  for (size_t i = 0; s->places != 0 && i < s->n; i++) {
    size_t at = last_bytes(s->ids + i * ID_BYTES) & s->mask;
    while (s->places[at] != 0) at = (at + 1) & s->mask;
    s->places[at] = (unsigned)i + 1;
  }
}

/* holds says whether id is in the set. */
static int holds(const set *s, const void *id) {
  int found = 0;
  if (s->places == 0) {
    place(s, id, &found);
    return found;
  }
  for (size_t at = last_bytes(id) & s->mask; s->places[at] != 0; at = (at + 1) & s->mask) {
    if (memcmp(s->ids + (size_t)(s->places[at] - 1) * ID_BYTES, id, ID_BYTES) == 0) return 1;
  }
  return 0;
}

static void f_set(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n;
  sqlite3_int64 which = sqlite3_value_int64(v[0]);
  const void *ids = sqlite3_value_blob(v[1]);
  size_t len = (size_t)sqlite3_value_bytes(v[1]);
  if (which < 0 || which >= SETS || len % ID_BYTES != 0) {
    sqlite3_result_error(c, "couplet_set: a number and ids", -1);
    return;
  }
  set *s = &sees_of(c)->sets[which];
  unsigned char *copy = 0;
  if (len > 0) {
    copy = malloc(len);
    if (copy == 0) {
      sqlite3_result_error_nomem(c);
      return;
    }
    memcpy(copy, ids, len);
  }
  free(s->ids);
  s->ids = copy;
  s->n = len / ID_BYTES;
  forget_places(s);
  find_places(s);
  s->there = sqlite3_value_type(v[1]) != SQLITE_NULL;
  sees_of(c)->docs_there = 0;
  memset(sees_of(c)->known, 0, sizeof sees_of(c)->known);
  sqlite3_result_int64(c, (sqlite3_int64)s->n);
}

static void f_gated(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n, (void)v;
  sqlite3_result_int64(c, sees_of(c)->sets[0].there);
}

static void in_set(sqlite3_context *c, int which, sqlite3_value *v) {
  int found = 0;
  const void *id = sqlite3_value_blob(v);
  if (id != 0 && sqlite3_value_bytes(v) == ID_BYTES) found = holds(&sees_of(c)->sets[which], id);
  sqlite3_result_int64(c, found);
}

static void f_sees(sqlite3_context *c, int n, sqlite3_value **v) { (void)n, in_set(c, 0, v[0]); }
static void f_own(sqlite3_context *c, int n, sqlite3_value **v) { (void)n, in_set(c, 1, v[0]); }
static void f_named(sqlite3_context *c, int n, sqlite3_value **v) { (void)n, in_set(c, 2, v[0]); }
static void f_veiled(sqlite3_context *c, int n, sqlite3_value **v) { (void)n, in_set(c, 3, v[0]); }

/* read_docs sets the bits of what the connection's search_doc shows from number after on. */
static int read_docs(sees *s, sqlite3 *db, sqlite3_int64 after) {
  if (s->docs != 0 && after < s->last) {
    size_t from = (size_t)after / 8 + 1, to = (size_t)s->last / 8 + 1;
    if (from < to) memset(s->docs + from, 0, to - from);
    s->docs[after / 8] &= (unsigned char)((1u << (after % 8 + 1)) - 1);
  }
  sqlite3_stmt *q = 0;
  int rc = sqlite3_prepare_v2(db, "SELECT n FROM search_doc WHERE n > ?1", -1, &q, 0);
  if (rc == SQLITE_OK) rc = sqlite3_bind_int64(q, 1, after);
  if (rc == SQLITE_OK) s->last = after;
  while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
    sqlite3_int64 n = sqlite3_column_int64(q, 0);
    rc = SQLITE_OK;
    if (n < 0) continue;
    if ((size_t)n / 8 >= s->docs_cap) {
      size_t cap = 2 * ((size_t)n / 8 + 64);
      unsigned char *grown = realloc(s->docs, cap);
      if (grown == 0) {
        rc = SQLITE_NOMEM;
        break;
      }
      memset(grown + s->docs_cap, 0, cap - s->docs_cap);
      s->docs = grown;
      s->docs_cap = cap;
    }
    s->docs[n / 8] |= (unsigned char)(1u << (n % 8));
    if (n > s->last) s->last = n;
  }
  int end = sqlite3_finalize(q);
  if (rc == SQLITE_DONE) rc = SQLITE_OK;
  return rc != SQLITE_OK ? rc : end;
}

static unsigned data_version(sqlite3_context *c) {
  unsigned version = 0;
  sqlite3_file_control(sqlite3_context_db_handle(c), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

static void f_docs(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n, (void)v;
  sees *s = sees_of(c);
  unsigned version = data_version(c);
  int rc = SQLITE_OK;
  if (!s->docs_there || version != s->version) {
    sqlite3_int64 after = s->docs_there && s->last > TAIL ? s->last - TAIL : 0;
    if (!s->docs_there) s->last = (sqlite3_int64)s->docs_cap * 8 - 1;
    s->docs_there = 0;
    rc = read_docs(s, sqlite3_context_db_handle(c), after);
    s->version = version;
    s->docs_there = rc == SQLITE_OK;
  }
  if (rc != SQLITE_OK) {
    sqlite3_result_error_code(c, rc);
    return;
  }
  sqlite3_result_int64(c, 1);
}

static void f_doc(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n;
  const sees *s = sees_of(c);
  sqlite3_int64 doc = sqlite3_value_int64(v[0]);
  sqlite3_result_int64(c, s->docs_there && doc >= 0 && doc <= s->last && (size_t)doc / 8 < s->docs_cap && (s->docs[doc / 8] >> (doc % 8) & 1));
}

/* slot is where a row is remembered. */
static size_t slot(const unsigned char *id) { return last_bytes(id) % KNOWN; }

static void f_knows(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n;
  sees *s = sees_of(c);
  const unsigned char *id = sqlite3_value_blob(v[0]);
  if (id == 0 || sqlite3_value_bytes(v[0]) != ID_BYTES) return;
  unsigned version = data_version(c);
  if (version != s->known_version) {
    memset(s->known, 0, sizeof s->known);
    s->known_version = version;
  }
  size_t at = slot(id);
  if (s->known[at].seen != 0 && memcmp(s->known[at].id, id, ID_BYTES) == 0) sqlite3_result_int64(c, s->known[at].seen - 1);
}

static void f_learn(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n;
  sees *s = sees_of(c);
  int found = 0;
  const void *record = sqlite3_value_blob(v[1]);
  if (record != 0 && sqlite3_value_bytes(v[1]) == ID_BYTES) found = holds(&s->sets[0], record);
  const unsigned char *id = sqlite3_value_blob(v[0]);
  if (id != 0 && sqlite3_value_bytes(v[0]) == ID_BYTES && record != 0) {
    size_t at = slot(id);
    memcpy(s->known[at].id, id, ID_BYTES);
    s->known[at].seen = (signed char)(found + 1);
  }
  sqlite3_result_int64(c, found);
}

static int add(set *s, const void *id) {
  int found;
  size_t at = place(s, id, &found);
  if (found) return 1;
  forget_places(s);
  unsigned char *grown = realloc(s->ids, (s->n + 1) * ID_BYTES);
  if (grown == 0) return 0;
  s->ids = grown;
  memmove(grown + (at + 1) * ID_BYTES, grown + at * ID_BYTES, (s->n - at) * ID_BYTES);
  memcpy(grown + at * ID_BYTES, id, ID_BYTES);
  s->n++;
  return 1;
}

static void f_add(sqlite3_context *c, int n, sqlite3_value **v) {
  (void)n;
  const void *id = sqlite3_value_blob(v[0]);
  if (id == 0 || sqlite3_value_bytes(v[0]) != ID_BYTES) {
    sqlite3_result_error(c, "couplet_add: an id", -1);
    return;
  }
  memset(sees_of(c)->known, 0, sizeof sees_of(c)->known);
  if (!add(&sees_of(c)->sets[0], id) || !add(&sees_of(c)->sets[1], id)) {
    sqlite3_result_error_nomem(c);
    return;
  }
  sqlite3_result_int64(c, 1);
}

typedef void (*function)(sqlite3_context *, int, sqlite3_value **);

static int give_sees(sqlite3 *db, char **error, const struct sqlite3_api_routines *api) {
  static const struct {
    const char *name;
    int args, flags;
    function f;
  } functions[] = {
      {"couplet_gated", 0, SQLITE_INNOCUOUS, f_gated},
      {"couplet_sees", 1, SQLITE_INNOCUOUS, f_sees},
      {"couplet_own", 1, SQLITE_INNOCUOUS, f_own},
      {"couplet_named", 1, SQLITE_INNOCUOUS, f_named},
      {"couplet_veiled", 1, SQLITE_INNOCUOUS, f_veiled},
      {"couplet_docs", 0, SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, f_docs}, /* once in a statement */
      {"couplet_doc", 1, SQLITE_DIRECTONLY, f_doc},
      {"couplet_knows", 1, SQLITE_INNOCUOUS, f_knows},
      {"couplet_learn", 2, SQLITE_INNOCUOUS, f_learn},
      {"couplet_add", 1, 0, f_add}, /* in temporary triggers, which are the program's own */
  };
  (void)error, (void)api;
  sees *s = calloc(1, sizeof *s);
  if (s == 0) return SQLITE_NOMEM;
  /* This one owns the sets; should it not come to be, SQLite frees them at once. */
  int rc = sqlite3_create_function_v2(db, "couplet_set", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, s, f_set, 0, 0, free_sees);
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof functions / sizeof *functions; i++) {
    rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].args, SQLITE_UTF8 | functions[i].flags, s, functions[i].f, 0, 0, 0);
  }
  return rc;
}

int couplet_sees_register(void) { return sqlite3_auto_extension((void (*)(void))give_sees); }
