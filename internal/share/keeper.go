package share

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// When things happen of themselves.
const (
	// tellAfter is how long after a commit the folder is told, with what follows meanwhile.
	tellAfter = 3 * time.Second
	// lookAfter is how long after a file has come it is read, with those that come meanwhile.
	lookAfter = 500 * time.Millisecond
	// pollEvery is how often the folder is looked through whatever it tells of itself:
	// network drives tell nothing, and file services miss events.
	pollEvery = 30 * time.Second
	// busyAfter is how long a turn lasts before it is shown as work.
	busyAfter = 700 * time.Millisecond
	// silentAfter is how long the folder may not answer before that is said.
	silentAfter = time.Minute
	// closeWithin is how long closing the casebook waits for the folder.
	closeWithin = 10 * time.Second
	// comesWithin is how long a file may take to come whole before people are told.
	comesWithin = time.Minute
	// keptNotices is how many notices are kept while a casebook is open.
	keptNotices = 50
)

// Actions that are no reason to tell the folder.
const (
	beginsNote  = "note.begin" // a revision follows
	mergeAction = "casebook.merge"
)

// Watcher tells of files that come to folders.
type Watcher interface {
	Add(folder string) error
	Close() error
}

// Keeping says how a casebook is kept in step. The zero value is right for a program.
type Keeping struct {
	Options
	// After calls f after d on any goroutine; cancel stops a call not yet made. nil is
	// the computer's clock.
	After func(d time.Duration, f func()) (cancel func())
	// Watch tells changed the names of files that come; nil is what the system offers.
	Watch func(changed func(name string)) (Watcher, error)
	// Told is given the state, on any goroutine, whenever it is new. It may be nil.
	Told func(State)
}

// State is how sharing stands.
type State struct {
	Folder  string
	Working bool      // it takes a while
	At      time.Time // of the last whole turn; zero for none since the casebook was opened
	Trouble error     // why there is none at present; nil if there is
	Waiting []Waiting // files that could not be merged and that somebody may have to know of
	Notices []Notice  // since the casebook was opened
	Devices []Device
}

// Keeper keeps an open casebook in step with its folder until Close. It never holds up
// a save: it works beside, and merges a little at a time.
type Keeper struct {
	cb   *casebook.Casebook
	conf Keeping

	ctx    context.Context
	cancel context.CancelFunc
	turn   sync.Mutex // one turn at a time
	haul   sync.Mutex // contents are carried once at a time, beside the turns: a large file keeps no row waiting
	apart  context.Context
	halt   context.CancelFunc // ends the carrying of contents alone

	mu      sync.Mutex
	state   State
	away    []Waiting         // contents that wait
	slots   map[string]func() // what is to happen, and how to stop that
	merging bool
	due     bool // a commit of meaning was not told yet
	closed  bool
	own     string // how own files are called
	watcher Watcher
	unheard func() // ends the listening to commits
}

// Keep begins to keep cb in step. The casebook must be shared.
func Keep(cb *casebook.Casebook, conf Keeping) *Keeper {
	if conf.After == nil {
		conf.After = func(d time.Duration, f func()) func() {
			t := time.AfterFunc(d, f)
			return func() { t.Stop() }
		}
	}
	if conf.Watch == nil {
		conf.Watch = watchSystem
	}
	if conf.Told == nil {
		conf.Told = func(State) {}
	}
	k := &Keeper{cb: cb, conf: conf, slots: map[string]func(){}}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	k.apart, k.halt = context.WithCancel(k.ctx)
	k.unheard = cb.Changes.Subscribe(k.committed)
	k.in("look", lookAfter, k.take)
	return k
}

// State is how it stands now.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.state
	s.Waiting, s.Notices, s.Devices = slices.Concat(s.Waiting, k.away), slices.Clone(s.Notices), slices.Clone(s.Devices)
	return s
}

// Now lets a turn begin at once. It waits for nothing: the state tells of it.
func (k *Keeper) Now() { k.in("now", 0, k.take) }

// in lets f happen after d, unless that waits to happen already.
func (k *Keeper) in(slot string, d time.Duration, f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.inLocked(slot, d, f)
}

func (k *Keeper) inLocked(slot string, d time.Duration, f func()) {
	if k.closed || k.slots[slot] != nil {
		return
	}
	k.slots[slot] = k.conf.After(d, func() {
		k.mu.Lock()
		waits := k.slots[slot] != nil && !k.closed
		delete(k.slots, slot)
		k.mu.Unlock()
		if waits {
			f()
		}
	})
}

// stop lets what waits in a slot not happen.
func (k *Keeper) stop(slot string) {
	if cancel := k.slots[slot]; cancel != nil {
		cancel()
		delete(k.slots, slot)
	}
}

// committed hears of every commit here.
func (k *Keeper) committed(c events.Changed) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case c.Action == mergeAction && k.merging, c.Action == beginsNote:
	default:
		k.due = true
		k.inLocked("tell", tellAfter, k.take)
	}
}

// came hears of files in the folder. Hidden ones are under way, and own ones no news.
func (k *Keeper) came(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || k.own != "" && strings.HasPrefix(name, k.own) {
		return
	}
	k.inLocked("look", lookAfter, k.take)
}

// take does a turn: it merges what came and tells what is new here.
func (k *Keeper) take() {
	k.turn.Lock()
	defer k.turn.Unlock()
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return
	}
	for _, slot := range []string{"look", "tell", "poll"} { // this is it
		k.stop(slot)
	}
	k.inLocked("busy", busyAfter, func() { k.tell(func(s *State) { s.Working = true }) })
	k.mu.Unlock()
	k.answers(0)
	r, err := k.sync(k.ctx, true)
	k.watch()
	k.mu.Lock()
	k.stop("busy")
	k.stop("silent")
	k.inLocked("poll", pollEvery, k.take)
	k.mu.Unlock()
	k.tell(func(s *State) { s.after(r, err, k.cb.Now()) })
	if err == nil {
		k.in("carry", 0, k.carry)
	}
}

// carry brings contents to the folder and from it.
func (k *Keeper) carry() {
	k.haul.Lock()
	defer k.haul.Unlock()
	away, err := k.contents(k.apart)
	if err != nil {
		return // the next turn says what is wrong with the folder, and this is tried again after it
	}
	k.mu.Lock()
	news := !slices.Equal(away, k.away)
	k.away = away
	k.mu.Unlock()
	if news {
		k.tell(func(*State) {})
	}
}

func (k *Keeper) contents(ctx context.Context) ([]Waiting, error) {
	e, err := newEngine(ctx, k.cb, k.conf.Options)
	if err != nil {
		return nil, err
	}
	e.report.Waiting = k.State().Waiting
	rows := len(e.report.Waiting)
	if err := e.carry(ctx); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(e.report.Waiting[rows:], func(w Waiting) bool { return k.cb.Now().Sub(w.Since) < comesWithin }), nil
}

// answers notes that the folder answers; if it does not for a while, that is said.
func (k *Keeper) answers(int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stop("silent")
	k.inLocked("silent", silentAfter, func() { k.tell(func(s *State) { s.Trouble = Silent() }) })
}

// Silent says that the shared folder does not answer.
func Silent() error {
	return fault.New(fault.System, text.T("share.silent", "The shared folder does not answer."),
		text.T("share.silent_hint", "Check the network or the drive. Nothing is lost, and it goes on by itself."))
}

// sync is one turn. What somebody is writing waits until it is more than that.
func (k *Keeper) sync(ctx context.Context, rowsOnly bool) (r Report, err error) {
	e, err := newEngine(ctx, k.cb, k.conf.Options)
	if err != nil {
		return r, err
	}
	k.mu.Lock()
	due := k.due
	k.due, k.merging, k.state.Folder = false, true, e.local.folder
	e.quiet, e.looked, e.rowsOnly = !due, k.answers, rowsOnly
	k.mu.Unlock()
	r, err = e.sync(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.merging, k.own = false, k.cb.Device().String()
	if err != nil {
		k.due = k.due || due
	}
	return r, err
}

// after is the state after a turn.
func (s *State) after(r Report, err error, now time.Time) {
	s.Working, s.Trouble = false, err
	s.Notices = append(s.Notices, news(s.Notices, r.Notices)...)
	if more := len(s.Notices) - keptNotices; more > 0 {
		s.Notices = s.Notices[more:]
	}
	if err != nil {
		return
	}
	s.At, s.Devices = now, r.Devices
	s.Waiting = slices.DeleteFunc(r.Waiting, func(w Waiting) bool {
		comes := w.Kind == WaitIncomplete || w.Kind == WaitUnreadable || w.Kind == WaitKey
		return comes && now.Sub(w.Since) < comesWithin
	})
}

// news are the notices that were not given before.
func news(old, all []Notice) (out []Notice) {
	for _, n := range all {
		if !slices.Contains(old, n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// tell changes the state and says so.
func (k *Keeper) tell(change func(*State)) {
	k.mu.Lock()
	change(&k.state)
	closed := k.closed
	k.mu.Unlock()
	if !closed {
		k.conf.Told(k.State())
	}
}

// watch listens to the folder, anew after every turn: it may have been taken away and
// come back. Where the system tells nothing, it is looked through now and then.
func (k *Keeper) watch() {
	k.mu.Lock()
	w, closed := k.watcher, k.closed
	k.mu.Unlock()
	if closed {
		return
	}
	if w == nil {
		var err error
		if w, err = k.conf.Watch(k.came); err != nil {
			return
		}
		k.mu.Lock()
		if k.closed {
			k.mu.Unlock()
			w.Close()
			return
		}
		k.watcher = w
		k.mu.Unlock()
	}
	for _, dir := range folders(k.ctx, k.cb) {
		_ = w.Add(dir) // one that is not there is looked for at the next turn
	}
}

// Close ends it: what is new here is told first, if the folder answers in time.
func (k *Keeper) Close() {
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return
	}
	owes := k.due
	k.mu.Unlock()
	k.unheard()
	k.halt()
	done := make(chan struct{})
	gaveUp := k.conf.After(closeWithin, k.cancel)
	go func() {
		defer close(done)
		k.turn.Lock()
		defer k.turn.Unlock()
		k.end()
		k.haul.Lock()
		defer k.haul.Unlock()
		if owes {
			_, _ = k.sync(k.ctx, false) // what is not told now is told when the casebook is opened again
		}
	}()
	select {
	case <-done:
	case <-k.ctx.Done(): // the folder hangs; what waits for it finds the casebook closed
		k.end()
	}
	gaveUp()
	k.cancel()
}

// end stops everything that would begin a turn.
func (k *Keeper) end() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	for slot := range k.slots {
		k.stop(slot)
	}
	if k.watcher != nil {
		k.watcher.Close()
		k.watcher = nil
	}
}

// folders are those in which files come; none once the casebook is not shared any more.
func folders(ctx context.Context, cb *casebook.Casebook) []string {
	var folder, name string
	if err := cb.Whole().QueryRowContext(ctx, `SELECT folder, name FROM share_local`).Scan(&folder, &name); err != nil {
		return nil
	}
	return []string{folder, filepath.Join(folder, name+changesSuffix), filepath.Join(folder, name+attach.FolderSuffix)}
}
