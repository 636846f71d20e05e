/* What the triggers of a casebook ask and tell their connection: see stamp.c. */
#ifndef COUPLET_STAMP_H
#define COUPLET_STAMP_H

/* couplet_stamp_register gives every connection its stamp; it returns an SQLite result code. */
int couplet_stamp_register(void);

#endif
