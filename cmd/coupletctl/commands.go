package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// command is one thing that coupletctl does.
type command struct {
	name  string
	about string
	// args are the positional arguments, flags those that it takes. They are also the
	// line of help: "FILE QUERY" and "--for R [--limit N]".
	args, flags string
	run         func(*call) error
}

// secretFlags open a casebook; every command that opens one takes them.
const secretFlags = " [--passphrase-file F | --recovery-key-file F]"

// creating are the flags of commands that make a casebook.
const creating = "[--passphrase-file F] [--recovery-out F] [--kdf floor|calibrate]"

func commands() []command {
	return []command{
		{"new", text.T("ctl.new", "make a casebook, empty or with the sample couples"), "FILE", "[--sample] [--today D] [--seed N] [--workspace NAME] [--coach NAME] " + creating, (*call).new},
		{"check", text.T("ctl.check", "examine a casebook: every page, row, lock and the index"), "FILE", "[--deep] [--json]" + secretFlags, (*call).check},
		{"passphrase", text.T("ctl.passphrase", "change the passphrase"), "FILE", "[--new-passphrase-file G] [--kdf floor|calibrate]" + secretFlags, (*call).passphrase},
		{"backup", text.T("ctl.backup", "make a verified backup in a folder; prints its path"), "FILE DIR", secretFlags, (*call).backup},
		{"backups", text.T("ctl.backups", "list the backups that this computer keeps, and verify them"), "FILE", "[--json]" + secretFlags, (*call).backups},
		{"restore", text.T("ctl.restore", "make a casebook of a backup, or bring back into it what is missing or the state of that day"), "BACKUP FILE", "[--mode missing|day]" + secretFlags, (*call).restore},
		{"rebuild", text.T("ctl.rebuild", "make a damaged casebook anew from its newest sound backup and the folder that it is shared through; the damaged file is kept"), "FILE [FOLDER]", secretFlags, (*call).rebuild},
		{"share", text.T("ctl.share", "share a casebook through a folder that a file service keeps in step"), "FILE FOLDER", secretFlags, (*call).share},
		{"join", text.T("ctl.join", "make a casebook of your own from a shared folder, or from a snapshot"), "FOLDER FILE", secretFlags, (*call).join},
		{"sync", text.T("ctl.sync", "read what the others wrote, and write what is new here; ends with 1 when something waits"), "FILE", "[--json]" + secretFlags, (*call).sync},
		{"merge", text.T("ctl.merge", "bring into a casebook what copies of it hold: casebooks, backups, snapshots; the copies stay as they are"), "INTO FROM…", "[--json]" + secretFlags, (*call).merge},
		{"devices", text.T("ctl.devices", "list the computers that share a casebook"), "FILE", "[--json]" + secretFlags, (*call).devices},
		{"couples", text.T("ctl.couples", "list couples and single clients"), "FILE", "[--json]" + secretFlags, (*call).couples},
		{"search", text.T("ctl.search", "find words, as far as the reader may see"), "FILE QUERY", "--for joint|a|b|coach [--couple ID] [--limit 50] [--json]" + secretFlags, (*call).search},
		{"history", text.T("ctl.history", "tell who changed what in a record, and when"), "FILE ID", "[--json]" + secretFlags, (*call).history},
		{"score", text.T("ctl.score", "score the answers to a quiz (no casebook needed)"), "INSTRUMENT", `--answers "2,1,…,-" [--pick EM,IN] [--json]`, (*call).score},
		{"change", text.T("ctl.change", "judge a change of scores (no casebook needed)"), "", "--from X --to Y [--sd S --reliability R | --threshold T] [--cutoff C] [--direction up|down] [--json]", (*call).change},
		{"report", text.T("ctl.report", "make a progress report"), "FILE", "--couple ID --for joint|a|b|coach [--from D --to D] [--date D] --out F.pdf" + secretFlags, (*call).report},
		{"subject", text.T("ctl.subject_about", "write the file of one person as a folder: an overview, data, tables, decisions"), "FILE", "--person ID --out DIR [--decisions F.json]" + secretFlags, (*call).subject},
		{"erase", text.T("ctl.erase", "plan the erasure of a person, a record or an enquiry, as JSON in which each item has its choice; or do what a plan says"), "FILE", "(--person ID | --record ID | --enquiry ID) (--plan [--out F.json] | --apply F.json [--certificate F.pdf])" + secretFlags, (*call).erase},
		{"export", text.T("ctl.export", "write everything into one JSON file"), "FILE", "--out F.json" + secretFlags, (*call).export},
		{"leaks", text.T("ctl.leaks_about", "say which private phrases of a casebook stand in a PDF or text; ends with 1 when any does"), "FILE REPORT", "[--for joint|a|b|coach] [--couple ID]" + secretFlags, (*call).leaksIn},
		{"audit", text.T("ctl.audit", "print who looked at what concerns safety, let copies out, and changed who may see what"), "FILE", "[--json]" + secretFlags, (*call).audit},
		{"dump", text.T("ctl.dump", "print everything a person can see, as text: equal casebooks give equal bytes"), "FILE", secretFlags, (*call).dump},
		{"import", text.T("ctl.import", "make a casebook of an export"), "F.json", "--into NEWFILE " + creating, (*call).importFile},
		{"note", text.T("ctl.note", "keep a brief contact; prints its id"), "FILE", "--couple ID --for joint|a|b|coach [--text T]" + secretFlags, (*call).quickNote},
		{"attach", text.T("ctl.attach", "keep a file with a couple, or with one item of theirs; prints its id"), "FILE", "--couple ID --file F [--holder ID] [--visibility joint|a|b|coach]" + secretFlags, (*call).attach},
		{"attachments", text.T("ctl.attachments", "list the files kept with couples, as far as the reader may see"), "FILE", "[--couple ID] [--for joint|a|b|coach] [--json]" + secretFlags, (*call).attachments},
		{"attachment", text.T("ctl.attachment", "write out a file that is kept with a couple"), "FILE ID", "--out F [--for joint|a|b|coach]" + secretFlags, (*call).attachment},
		{"contact", text.T("ctl.contact", "set how a person is reached"), "FILE", "--person ID (--phone N | --email E)" + secretFlags, (*call).contact},
		{"consents", text.T("ctl.consents", "list what the partners of a record signed and took back"), "FILE", "--couple ID [--json]" + secretFlags, (*call).consents},
		{"consent", text.T("ctl.consent", "record a signature, or that it is taken back; prints its id"), "FILE", "--couple ID --of a|b --purpose P (--version V --language L --way W | --withdraw [--way W]) [--on D]" + secretFlags, (*call).consent},
		{"releases", text.T("ctl.releases", "list what partners let each other see today"), "FILE", "--couple ID [--json]" + secretFlags, (*call).releases},
		{"release", text.T("ctl.release", "record that a partner lets the other see something, or takes it back; prints its id"), "FILE", "--couple ID --of a|b --item ID [--channels EM,IN] [--until D] [--withdraw] [--way W] [--on D]" + secretFlags, (*call).release},
		{"screen", text.T("ctl.screen", "record a safety screen of one partner; prints its id"), "FILE", "--couple ID --of a|b --outcome clear|discuss|stop_joint|declined [--text T] [--supervisor S] [--reason R] [--on D]" + secretFlags, (*call).screen},
		{"joint", text.T("ctl.joint", "say whether there may be joint work today; ends with 1 where there may not"), "FILE", "--couple ID [--json]" + secretFlags, (*call).joint},
		{"reach", text.T("ctl.reach", "print the address of a person for something that may be made for them"), "FILE", "--person ID --what letter|email|text|call|label|ics|reminder|paper [--both] [--json]" + secretFlags, (*call).reach},
		{"separate", text.T("ctl.separate", "record that the two of a record parted"), "FILE", "--couple ID [--on D]" + secretFlags, (*call).separate},
		{"one-person", text.T("ctl.one_person", "make one person of two entries, or two again"), "FILE", "--from ID --into ID [--preview | --undo]" + secretFlags, (*call).onePerson},
		{"fill", text.T("ctl.fill", "make a large casebook of invented couples, for measuring"), "FILE", "[--coaches 4] [--years 20] [--seed 1] [--today D] " + creating, (*call).fill},
		{"bench", text.T("ctl.bench", "measure a casebook, or invented ones, against the bare database"), "[FILE]", "[--coaches 4] [--years 20] [--json]" + secretFlags, (*call).bench},
		{"help", text.T("ctl.help", "explain a command"), "[COMMAND]", "", (*call).help},
		{"version", text.T("ctl.version", "say which version this is"), "", "", (*call).version},
	}
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// has says whether the line of flags names the flag.
func (c command) has(flag string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(c.flags, func(r rune) bool { return strings.ContainsRune(" []()|", r) }), func(f string) bool { return f == "--"+flag })
}

// accept refuses flags that the command does not have and a wrong count of arguments.
func (c command) accept(a args) error {
	for name := range a.flags {
		if !c.has(name) {
			return usage(text.T("ctl.not_here", "The command %s has no flag --%s.", c.name, name), c.line())
		}
	}
	want := strings.Fields(c.args)
	need := len(want)
	if need > 0 && strings.HasPrefix(want[need-1], "[") {
		need--
	}
	many := len(want) > 0 && strings.HasSuffix(want[len(want)-1], "…")
	switch n := len(a.positional); {
	case n < need:
		return usage(text.T("ctl.missing", "%s is missing.", strings.TrimSuffix(want[n], "…")), c.line())
	case n > len(want) && !many:
		return usage(text.T("ctl.too_many", "%q is one argument too many.", a.positional[len(want)]), c.line())
	}
	for i, v := range a.positional {
		if of := want[min(i, len(want)-1)]; v == "" && of != "QUERY" {
			return usage(text.T("ctl.missing", "%s is missing.", strings.TrimSuffix(of, "…")), c.line())
		}
	}
	return nil
}

func (c command) line() string {
	return "coupletctl " + strings.Join(strings.Fields(c.name+" "+c.args+" "+c.flags), " ")
}

func overview() string {
	var b strings.Builder
	fmt.Fprintln(&b, text.T("ctl.commands", "The commands are:"))
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-11s %s\n", c.name, c.about)
	}
	fmt.Fprint(&b, text.T("ctl.more", `"coupletctl help COMMAND" says more. The passphrase comes from --passphrase-file, COUPLET_PASSPHRASE or a prompt.`))
	return b.String()
}

func (c *call) help() error {
	if len(c.positional) == 0 {
		fmt.Fprintln(c.out, overview())
		return nil
	}
	cmd, ok := find(c.positional[0])
	if !ok {
		return usage(text.T("ctl.no_such_command", "There is no command %q.", c.positional[0]), overview())
	}
	fmt.Fprintf(c.out, "%s\n\n%s\n", cmd.line(), cmd.about)
	return nil
}
