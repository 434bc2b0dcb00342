package snapshot

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Locations lists every sub-account of the agency on which the app is installed and
// whose name matches the query, if one is given, or fails: never a part of them.
func (s *Store) Locations(ctx context.Context, appID, query string) ([]ghl.Location, error) {
	var installed []ghl.Location
	walk := s.client.WalkLocations(appID, query)
	for {
		page, err := walk.NextOf(ctx, ghl.PageSize)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if row.Installed {
				installed = append(installed, row)
			}
		}
		if page.Complete() && page.Malformed > 0 {
			return nil, fmt.Errorf("%w: %d of its rows could not be read", ghl.ErrIncomplete, page.Malformed)
		}
		if page.Complete() {
			return installed, nil
		}
	}
}

// AccessToken returns the token with which calls about a sub-account are made.
func (s *Store) AccessToken(ctx context.Context, locationID string) (ghl.Token, error) {
	return s.client.AccessToken(ctx, locationID)
}
