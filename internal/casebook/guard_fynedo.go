//go:build !migrated_fynedo

package casebook

// One set of tags for the whole program; without this one Fyne runs callbacks that
// this program does not expect. Build with:
// go build -tags sqlite_fts5,migrated_fynedo ./...   (or simply: make)
var _ = BUILD_WITH_TAGS_sqlite_fts5_migrated_fynedo
