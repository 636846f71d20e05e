package kit

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// Runner takes work off the thread that draws. It is the only place of the window
// that starts a goroutine; in tests Inline does everything at once.
type Runner interface {
	// Run does work elsewhere, then done on the drawing thread. The context ends
	// when the program does.
	Run(work func(context.Context), done func())
	// Post does f on the drawing thread, from any thread.
	Post(f func())
}

// Scheduler calls f later on the drawing thread; cancel stops a call not yet made.
// Tests use uitest.Clock, which they wind themselves.
type Scheduler interface {
	After(d time.Duration, f func()) (cancel func())
}

// Inline runs work in the caller's place: the Runner of tests.
type Inline struct{}

// Run does work, then done.
func (Inline) Run(work func(context.Context), done func()) {
	work(context.Background())
	if done != nil {
		done()
	}
}

// Post does f.
func (Inline) Post(f func()) { f() }

// Background is the Runner and Scheduler of the program.
type Background struct {
	// OnPanic is told the stack (never the message, which may hold client text)
	// before the program ends.
	OnPanic func(value any, stack []byte)

	ctx    context.Context
	cancel context.CancelFunc
	timed  atomic.Bool // what runs now was begun by a timer, not by the person
	mu     sync.Mutex
	idle   *sync.Cond
	busy   int
}

// NewBackground makes the program's Runner.
func NewBackground() *Background {
	b := &Background{}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.idle = sync.NewCond(&b.mu)
	return b
}

// Run starts work on a goroutine of its own and posts done.
func (b *Background) Run(work func(context.Context), done func()) {
	if !b.timed.Load() {
		Touch()
	}
	b.mu.Lock()
	b.busy++
	b.mu.Unlock()
	go func() {
		defer b.guard()
		defer b.finished()
		work(b.ctx)
		if done != nil {
			fyne.Do(done)
		}
	}()
}

func (b *Background) finished() {
	b.mu.Lock()
	b.busy--
	b.idle.Broadcast()
	b.mu.Unlock()
}

func (b *Background) guard() {
	if v := recover(); v != nil {
		if b.OnPanic != nil {
			b.OnPanic(v, debug.Stack())
		}
		panic(v)
	}
}

// Post does f on the drawing thread.
func (b *Background) Post(f func()) { fyne.Do(f) }

// After calls f on the drawing thread once d has passed.
func (b *Background) After(d time.Duration, f func()) (cancel func()) {
	var mu sync.Mutex
	stopped := false
	t := time.AfterFunc(d, func() {
		fyne.Do(func() {
			mu.Lock()
			skip := stopped
			mu.Unlock()
			if !skip {
				b.timed.Store(true)
				defer b.timed.Store(false)
				f()
			}
		})
	})
	return func() {
		mu.Lock()
		stopped = true
		mu.Unlock()
		t.Stop()
	}
}

// Drain waits until no work is under way, does last elsewhere, then done on the
// drawing thread. Locking and quitting end with it: what was being saved is saved.
func (b *Background) Drain(last func(), done func()) {
	go func() {
		defer b.guard()
		b.mu.Lock()
		for b.busy > 0 {
			b.idle.Wait()
		}
		b.mu.Unlock()
		if last != nil {
			last()
		}
		if done != nil {
			fyne.Do(done)
		}
	}()
}

// Drain does last, then done: nothing is ever under way.
func (Inline) Drain(last func(), done func()) {
	if last != nil {
		last()
	}
	if done != nil {
		done()
	}
}

// Stop ends the context of all work, for the last moment before the program exits.
func (b *Background) Stop() { b.cancel() }

// Loader fetches what a page shows. A result that was overtaken by a later Load is
// dropped, errors go one way, and Stop forgets whatever is under way.
type Loader[T any] struct {
	run    Runner
	show   func(error)
	last   int
	cancel context.CancelFunc
}

// NewLoader loads through r and reports errors to m.
func NewLoader[T any](r Runner, m Messenger) *Loader[T] {
	return &Loader[T]{run: r, show: m.Show}
}

// Load fetches elsewhere and hands the result to then on the drawing thread.
func (l *Loader[T]) Load(get func(context.Context) (T, error), then func(T)) {
	l.LoadOr(get, then, nil)
}

// LoadOr is Load for a page that has something of its own to show for an error;
// the error is reported as well.
func (l *Loader[T]) LoadOr(get func(context.Context) (T, error), then func(T), failed func(error)) {
	l.Stop()
	mine := l.last
	stop, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	var value T
	var err error
	l.run.Run(func(ctx context.Context) {
		defer context.AfterFunc(ctx, cancel)()
		value, err = get(stop)
	}, func() {
		defer cancel()
		switch {
		case mine != l.last:
		case err != nil:
			l.show(err)
			if failed != nil {
				failed(err)
			}
		default:
			then(value)
		}
	})
}

// Stop drops what is under way.
func (l *Loader[T]) Stop() {
	l.last++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

// Do changes something elsewhere: an error is shown, otherwise done is called on
// the drawing thread (it may be nil).
func Do(r Runner, m Messenger, work func(context.Context) error, done func()) {
	var err error
	r.Run(func(ctx context.Context) { err = work(ctx) }, func() {
		if err != nil {
			m.Show(err)
			return
		}
		if done != nil {
			done()
		}
	})
}
