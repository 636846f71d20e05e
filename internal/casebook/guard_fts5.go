//go:build !sqlite_fts5 && !fts5

package casebook

// The search index needs FTS5, which go-sqlite3 leaves out by itself. Build with:
// go build -tags sqlite_fts5,migrated_fynedo ./...   (or simply: make)
var _ = BUILD_WITH_TAGS_sqlite_fts5_migrated_fynedo
