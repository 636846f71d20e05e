package quizzes

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// ScoreJSON scores answers as typed ("2,1,,-") with an optional pick of channels
// ("EM,IN") for a shipped quiz or a definition file, and writes one JSON document with
// unrounded numbers; what is not scored is null. Input that cannot be scored is
// fault.BadInput with the item named; an unknown quiz is fault.NotFound.
func ScoreJSON(instrumentIDOrPath, answers, pick string) ([]byte, error) {
	d, err := Load(instrumentIDOrPath)
	if err != nil {
		return nil, err
	}
	given, err := ParseAnswers(d, answers)
	if err != nil {
		return nil, err
	}
	picks, err := ParsePicks(d, pick)
	if err != nil {
		return nil, err
	}
	if d.Profile != nil {
		return profileJSON(d, given, picks)
	}
	scores, err := Score(d, given)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Scales   map[string]*float64 `json:"scales"`
		Answered int                 `json:"answered"`
	}{scores.Scales, scores.Answered})
}

func profileJSON(d *Definition, given []Answer, picks []string) ([]byte, error) {
	p, err := ScoreProfile(d, given, picks, 0)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Instrument       string         `json:"instrument"`
		Version          string         `json:"version"`
		Channels         channelsInTurn `json:"channels"`
		TotalExperienced *float64       `json:"total_experienced"`
		ChannelsScored   int            `json:"channels_scored"`
		Lead             []string       `json:"lead"`
		TopWish          []string       `json:"top_wish"`
		Flags            []Flag         `json:"flags"`
		CoachPrompts     []string       `json:"coach_prompts"`
	}{d.ID, d.Version, p.Channels, p.TotalExperienced, p.Scored, p.Lead, p.TopWish, p.Flags, p.CoachPrompts})
}

// channelsInTurn is a JSON object whose keys keep the channel order.
type channelsInTurn []ChannelScore

// MarshalJSON writes the channels by code.
func (cs channelsInTurn) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range cs {
		if i > 0 {
			b.WriteByte(',')
		}
		code, err := json.Marshal(c.Code)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(struct {
			Experienced *float64 `json:"experienced"`
			Wanted      *float64 `json:"wanted"`
			Gap         *float64 `json:"gap"`
		}{c.Experienced, c.Wanted, c.Gap})
		if err != nil {
			return nil, err
		}
		b.Write(code)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// ChangeInput is a change to judge, as typed. Nil is not given; Direction empty is up.
type ChangeInput struct {
	From, To        float64
	SD, Reliability *float64
	Threshold       *float64
	CutOff          *float64
	Direction       string
}

// Judge judges the change. Numbers given that exclude each other or belong together
// are fault.Usage; impossible ones fault.BadInput.
func (in ChangeInput) Judge() (Judgement, error) {
	spread := in.SD != nil || in.Reliability != nil
	if spread && in.Threshold != nil || (in.SD == nil) != (in.Reliability == nil) {
		return Judgement{}, fault.New(fault.Usage,
			text.T("quiz.change_usage", "Give a spread with its reliability, or a published threshold."),
			text.T("quiz.change_usage_hint", "Use --sd with --reliability, or --threshold alone."))
	}
	var p *Parameters
	if spread || in.Threshold != nil {
		p = &Parameters{SD: in.SD, Reliability: in.Reliability, Threshold: in.Threshold}
	}
	dir := Direction(strings.ToLower(in.Direction))
	if dir == "" {
		dir = Up
	}
	return Judge(in.From, in.To, p, in.CutOff, dir)
}
