package main

import (
	"context"
	"slices"

	"github.com/couplet-app/couplet"
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/preview"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/consentui"
	"github.com/couplet-app/couplet/ui/coupleui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/libraryui"
	"github.com/couplet-app/couplet/ui/noteui"
	"github.com/couplet-app/couplet/ui/pipelineui"
	"github.com/couplet-app/couplet/ui/practiceui"
	"github.com/couplet-app/couplet/ui/quizui"
	"github.com/couplet-app/couplet/ui/reportui"
	"github.com/couplet-app/couplet/ui/rightsui"
	"github.com/couplet-app/couplet/ui/searchui"
	"github.com/couplet-app/couplet/ui/settingsui"
	"github.com/couplet-app/couplet/ui/shareui"
	"github.com/couplet-app/couplet/ui/todayui"
	"github.com/couplet-app/couplet/ui/tracesui"
)

// pages is the one list of pages: here the stores of the domain meet the windows that
// show them. A place appears here when it works.
func pages(shell *ui.Shell, w ui.Workspace, env kit.Env) []ui.Page {
	open := w.(*workspace)
	s := open.stores
	today := todayui.NewPage(todayui.Deps{Env: env, Stores: s.today(), First: open.first})
	look := new(preview.Renderer)
	sharing := shareui.Deps{Env: env, Sharing: open.sharing, OfferMove: shell.OfferMove}
	asked := rightsui.Deps{Env: env, Rights: s.rights, People: s.clients, Work: rightsWork{open}}
	tabs := []kit.TabSpec{
		noteui.Tab(noteui.Deps{Env: env, Sessions: s.sessions, Releases: s.clients, Zone: day.LocalZone}),
		quizui.Tab(quizui.Deps{Env: env, Quizzes: s.quizzes, Releases: s.clients, Zone: day.LocalZone}),
		practiceui.Tab(practiceui.Deps{Env: env, Practices: s.practices, Zone: day.LocalZone}),
		reportui.Tab(reportui.Deps{
			Env: env, Reports: s.reports, Releases: s.clients, Render: pdf.Render,
			Draw:  look.Draw,
			Share: shell.Share,
			Done:  func() { env.Runner.Run(func(context.Context) { _ = look.Close() }, func() {}) }, // frees memory; there is nothing to lose
		}),
		consentui.Tab(consentui.Deps{Env: env, Clients: s.clients, Quizzes: s.quizzes, Traces: s.traces, Parts: []consentui.Part{rightsui.Part{Deps: asked, Partners: s.clients}}}),
	}
	access := accessui.Deps{Env: env, Clients: s.clients, Me: open.book.Me(), Role: s.role()}
	return s.places([]ui.Page{
		{ID: pageToday, Title: text.T("place.today", "Today"), Icon: "today", Place: true, Build: func() kit.View { return today }, Commands: s.writing(todayui.Commands(today))},
		{ID: pagePipeline, Title: text.T("place.pipeline", "Pipeline"), Icon: "pipeline", Place: true, Build: func() kit.View {
			return pipelineui.NewPage(pipelineui.Deps{Env: env, Intake: s.intake, Clients: s.clients, Zone: day.LocalZone})
		}, Commands: pipelineui.Commands(env.Nav)},
		{ID: pageCouples, Title: text.T("place.couples", "Couples"), Icon: "couples", Place: true, OfRecord: true, Build: func() kit.View {
			return coupleui.NewPage(coupleui.Deps{Env: env, Clients: s.clients, Agreements: s.practices, Origins: s.intake, History: s.changes, Access: access, Tabs: tabs})
		}, Commands: accessui.Commands(access)},
		{ID: pageLibrary, Title: text.T("place.library", "Library"), Icon: "library", Place: true, Neutral: true, Build: func() kit.View {
			return libraryui.NewPage(libraryui.Deps{Env: env})
		}},
		{ID: pageSettings, Title: text.T("place.settings", "Settings"), Icon: "settings", Place: true, Build: func() kit.View {
			return settingsui.NewPage(settingsui.Deps{
				Env: env, Workspace: settings{s}, Backups: settings{s}, Bin: settings{s}, Version: couplet.About().Version, Appearance: shell.Appearance, SetAppearance: shell.SetAppearance, LockAfter: shell.LockAfter, SetLockAfter: shell.SetLockAfter, ShowRecoveryKey: shell.ShowRecoveryKey, Sharing: shareui.NewCard(sharing), Access: access,
				Cards: []settingsui.Stander{consentui.NewDirectory(env, s.clients), consentui.NewTexts(env, s.clients)},
			})
		}},
		{ID: pageSearch, Title: text.T("place.search", "Search"), Icon: "search", OfRecord: true, Build: func() kit.View {
			return searchui.New(searchui.Deps{Env: env, Searcher: s})
		}},
		{ID: tracesui.PageID, Title: text.T("traces.title", "Traces"), Icon: "lock", Build: func() kit.View {
			return tracesui.New(tracesui.Deps{Env: env, Traces: s.traces, Titles: s.clients})
		}, Commands: tracesui.Commands(env.Nav)},
		{ID: shareui.PageID, Title: text.T("sharing.title", "Sharing"), Icon: "share", Build: func() kit.View { return shareui.NewPage(sharing) }, Commands: s.writing(shareui.Commands(sharing))},
		{ID: rightsui.PageID, Title: text.T("rights.title", "Rights and retention"), Icon: "lock", Build: func() kit.View { return rightsui.NewPage(asked) }, Commands: rightsui.Commands(asked)},
	})
}

// role is that of who is signed in.
func (s *stores) role() clients.Role { return clients.Role(s.book.Role()) }

// places leaves out what does not work for who is signed in.
func (s *stores) places(all []ui.Page) []ui.Page {
	var not []string
	switch s.role() {
	case clients.RoleOwner, clients.RoleCoach:
	case clients.RoleSupervisor:
		not = []string{pageToday, pagePipeline, shareui.PageID, tracesui.PageID, rightsui.PageID}
	default:
		not = []string{pagePipeline, pageLibrary, shareui.PageID, tracesui.PageID, rightsui.PageID}
	}
	return slices.DeleteFunc(all, func(p ui.Page) bool { return slices.Contains(not, p.ID) })
}

// writing are commands of who changes something here.
func (s *stores) writing(all []kit.Command) []kit.Command {
	if !s.book.Writes() {
		return nil
	}
	return all
}

// Finder finds records for the palette.
func (w *workspace) Finder() ui.Finder { return w.stores }
