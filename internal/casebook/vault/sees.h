/* Which records the connection of an account may read: see sees.c. */
#ifndef COUPLET_SEES_H
#define COUPLET_SEES_H

/* couplet_sees_register gives every connection its sets; it returns an SQLite result code. */
int couplet_sees_register(void);

#endif
