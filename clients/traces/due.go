package traces

import (
	"context"
	"strconv"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

const (
	remindSetting = "copies.remind_days"
	// DefaultRemindDays is after how many days a copy that nobody ticked off is named on Today.
	DefaultRemindDays = 30
	maxRemindDays     = 3650
)

// RemindDays is after how many days copies are asked about; 0 is never.
func (s *Store) RemindDays(ctx context.Context) (int, error) {
	v, err := s.cb.Setting(ctx, remindSetting)
	if err != nil {
		return 0, err
	}
	if n, err := strconv.Atoi(v); err == nil && n >= 0 && n <= maxRemindDays {
		return n, nil
	}
	return DefaultRemindDays, nil
}

// SetRemindDays changes it.
func (s *Store) SetRemindDays(ctx context.Context, days int) error {
	if days < 0 || days > maxRemindDays {
		return fault.Input("days", text.T("traces.remind_range", "Copies can be asked about after 0 to %d days; 0 is never.", maxRemindDays))
	}
	return s.cb.Write(ctx, "setting.remind_days", func(tx *casebook.Tx) error { return tx.SetSetting(remindSetting, strconv.Itoa(days)) })
}

// Overdue counts the copies that were made longer ago than that and are not ticked off as
// deleted. What was printed or lay on the clipboard is no file to delete.
func (s *Store) Overdue(ctx context.Context, aud Audience, now time.Time) (n int, err error) {
	days, err := s.RemindDays(ctx)
	if err != nil || days == 0 || !aud.IsCoach() {
		return 0, err
	}
	err = s.cb.Reader().QueryRowContext(ctx, `SELECT count(*) FROM export_made WHERE deleted = 0 AND deleted_on = '' AND at < ? AND kind NOT IN ('print', 'copy', 'backup')`, now.AddDate(0, 0, -days).UnixMilli()).Scan(&n)
	return n, err
}
