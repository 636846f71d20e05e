package vault
import ("testing";"database/sql";"math/rand/v2";"path/filepath";"fmt"
"github.com/couplet-app/couplet/internal/casebook/vault/crashdisk")
func TestPlainRefuse(t *testing.T){
 for n:=200;n<230;n++{ for _,res:=range []int{crashdisk.Full,crashdisk.IOError}{
  path:=filepath.Join(t.TempDir(),"x.db")
  random := rand.New(rand.NewPCG(4, 4))
  well:=false
  crashdisk.Record(nil)
  db,_:=sql.Open("sqlite3",fmt.Sprintf("file:%s?vfs=crashdisk&_txlock=immediate",path)); db.SetMaxOpenConns(1)
  for _,p:=range pragmas { exec(t,db,"PRAGMA "+p)}
  exec(t,db,ledgerSchema)
	exec(t, db, "PRAGMA wal_autocheckpoint = 25")
	exec(t, db, "PRAGMA cache_size = 8")
  l := &ledger{random: random, rows: map[int]int{}}
	crashdisk.Record(func(i int, c crashdisk.Change) int {
		if !well && (i >= n) { fmt.Println(n,i,c.Kind,c.File,c.Offset,len(c.Data)); return res }
		return 0
	})
  failed:=0
  for l.last<30 { if err:=l.step(db);err!=nil{failed++; fmt.Println(err); if failed>=3 {well=true}; if failed>10{t.Fatal(err)}}}
  if _,err:=l.verify(db);err!=nil{ t.Errorf("plain n=%d res=%d %v",n,res,err)
    db.Close(); db,_=sql.Open("sqlite3",path); _,err=l.verify(db); fmt.Println("FRESH",err) }
  db.Close()
 }}
 crashdisk.Record(nil)
}
