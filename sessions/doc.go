// Package sessions is what happens in the room and what is written about it: sessions
// with their attendance, notes by template whose fields each have an audience, the
// history of every text, the lock with its chain of commitments, and addenda.
//
// Every read takes an audience. Somebody who may not see any text of a note does not
// learn that the note is there.
package sessions
