package quizzes

import (
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
)

func TestScoreJSON(t *testing.T) {
	for _, c := range []struct{ name, quiz, answers, pick, want string }{
		{
			"V1", "icp-18", "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2", "IN,EM",
			`{"instrument":"icp-18","version":"1.0","channels":{` +
				`"EM":{"experienced":37.5,"wanted":100,"gap":62.5},"IN":{"experienced":12.5,"wanted":100,"gap":87.5},` +
				`"AF":{"experienced":50,"wanted":75,"gap":25},"SX":{"experienced":50,"wanted":75,"gap":25},` +
				`"EX":{"experienced":25,"wanted":100,"gap":75},"SP":{"experienced":50,"wanted":50,"gap":0}},` +
				`"total_experienced":37.5,"channels_scored":6,"lead":["EM","IN"],"top_wish":["IN"],"flags":[],"coach_prompts":[]}`,
		},
		{
			"V7, some skipped and some not said", "icp-18", "3,3,-,,2,2,1,1,-,,2,2,3,3,,-,3,3", "",
			`{"instrument":"icp-18","version":"1.0","channels":{` +
				`"EM":{"experienced":75,"wanted":75,"gap":0},"IN":{"experienced":75,"wanted":75,"gap":0},` +
				`"AF":{"experienced":null,"wanted":null,"gap":null},"SX":{"experienced":null,"wanted":null,"gap":null},` +
				`"EX":{"experienced":50,"wanted":75,"gap":25},"SP":{"experienced":50,"wanted":75,"gap":25}},` +
				`"total_experienced":null,"channels_scored":4,"lead":["balanced"],"top_wish":["EX","SP"],"flags":[],"coach_prompts":[]}`,
		},
		{
			"V8", "icp-18", "3,2,4,4,2,2,1,2,0,0,2,2,3,3,3,2,3,3", "in",
			`{"instrument":"icp-18","version":"1.0","channels":{` +
				`"EM":{"experienced":75,"wanted":75,"gap":0},"IN":{"experienced":50,"wanted":75,"gap":25},` +
				`"AF":{"experienced":100,"wanted":75,"gap":-25},"SX":{"experienced":100,"wanted":50,"gap":-50},` +
				`"EX":{"experienced":50,"wanted":75,"gap":25},"SP":{"experienced":50,"wanted":75,"gap":25}},` +
				`"total_experienced":70.83333333333333,"channels_scored":6,"lead":["IN"],"top_wish":["IN","EX","SP"],"flags":[],"coach_prompts":["AF","SX"]}`,
		},
		{
			"nobody answers", "icp-18", ",,,,,,,,,,,,,,,,,", "",
			`{"instrument":"icp-18","version":"1.0","channels":{` +
				`"EM":{"experienced":null,"wanted":null,"gap":null},"IN":{"experienced":null,"wanted":null,"gap":null},` +
				`"AF":{"experienced":null,"wanted":null,"gap":null},"SX":{"experienced":null,"wanted":null,"gap":null},` +
				`"EX":{"experienced":null,"wanted":null,"gap":null},"SP":{"experienced":null,"wanted":null,"gap":null}},` +
				`"total_experienced":null,"channels_scored":0,"lead":[],"top_wish":[],"flags":[],"coach_prompts":[]}`,
		},
		{"ras", "ras", "4,4,4,2,4,5,2", "", `{"scales":{"mean":4.142857142857143,"sum":29},"answered":7}`},
		{"ras with one missing", "ras", "4,4,4,2,4,5,-", "", `{"scales":{"mean":null,"sum":null},"answered":6}`},
		{"csi-16", "csi-16", "3,3,3,3,4,3,3,3,3,3,4,3,3,4,3,3", "", `{"scales":{"total":51},"answered":16}`},
		{"csi-4", "csi-4", "6,5,5,5", "", `{"scales":{"total":21},"answered":4}`},
		{"kmss", "kmss", "6,5,5", "", `{"scales":{"total":16},"answered":3}`},
		{"qmi", "qmi", "6,6,5,6,6,8", "", `{"scales":{"total":37},"answered":6}`},
		{"pulse", "pulse", "0,10,5,5,5", "", `{"scales":{"total":25},"answered":5}`},
		{"signs", "signs", "10,10,10,10,10", "", `{"scales":{"total":50},"answered":5}`},
		{"a file", filepath.Join("testdata", "seven.json"), "4,3,3,3,4,2,4", "", `{"scales":{"total":23},"answered":7}`},
	} {
		got, err := ScoreJSON(c.quiz, c.answers, c.pick)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.name, err, got, c.want)
		}
	}
	if b, err := ScoreJSON("no-such-quiz", "1", ""); b != nil || !fault.Is(err, fault.NotFound) {
		t.Errorf("%s %v", b, err)
	}
}
