package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// maxSecret is the longest passphrase file that is read.
const maxSecret = 64 << 10

// secret is what opens the casebook: from a file, the environment or a prompt.
func (c *call) secret() (vault.Secret, error) {
	if c.on("recovery-key-file") {
		if c.on("passphrase-file") {
			return vault.Secret{}, usage(text.T("ctl.two_secrets", "Give the passphrase or the recovery key, not both."), "")
		}
		key, err := c.lineFrom("recovery-key-file")
		return vault.Secret{Recovery: key}, err
	}
	p, err := c.passphraseFrom("passphrase-file", "COUPLET_PASSPHRASE", text.T("ctl.prompt", "Passphrase: "), false)
	return vault.Secret{Passphrase: p}, err
}

// passphraseFrom reads a passphrase from the file that flag names, else from the
// environment, else from the keyboard, twice if it is a new one.
func (c *call) passphraseFrom(flag, env, prompt string, twice bool) (string, error) {
	if c.on(flag) {
		return c.lineFrom(flag)
	}
	if p := os.Getenv(env); env != "" && p != "" {
		return p, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", usage(text.T("ctl.no_passphrase", "There is no passphrase."), text.T("ctl.no_passphrase_hint", "Give it with --%s, in the environment variable COUPLET_PASSPHRASE, or in a terminal.", flag))
	}
	p, err := c.ask(prompt)
	if err != nil || !twice {
		return p, err
	}
	again, err := c.ask(text.T("ctl.prompt_again", "Once more: "))
	if err == nil && p != again {
		err = fault.New(fault.Refused, text.T("ctl.prompt_differ", "The two are not the same."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return p, err
}

func (c *call) ask(prompt string) (string, error) {
	fmt.Fprint(c.err, prompt)
	b, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(c.err)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", systemFault(err)
	}
	if len(b) == 0 {
		return "", usage(text.T("ctl.empty_passphrase", "The passphrase is empty."), "")
	}
	return string(b), nil
}

// lineFrom is the first line of the file that a flag names.
func (c *call) lineFrom(flag string) (string, error) {
	name, err := c.need(flag)
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, maxSecret)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", usage(text.T("ctl.empty_file", "The file of --%s is empty.", flag), "")
	}
	return line, nil
}

// calibrated is how long one try of a passphrase shall take where --kdf calibrate asks for it.
const calibrated = time.Second

func (c *call) kdf() (vault.KDF, error) {
	switch c.get("kdf") {
	case "", "floor":
		return vault.FloorKDF, nil
	case "calibrate":
		return vault.Calibrate(calibrated), nil
	}
	return vault.KDF{}, usage(text.T("ctl.kdf", "--kdf is floor or calibrate."), "")
}
