package ghl

import (
	"context"
)

// operation is a call of one endpoint, its result left out.
type operation func(context.Context, *Client) error

func readAssociation(ctx context.Context, c *Client) error {
	_, err := c.Association(ctx, location, association.ID)
	return err
}

func createAssociation(ctx context.Context, c *Client) error {
	_, err := c.CreateAssociation(ctx, association)
	return err
}

func updateAssociation(ctx context.Context, c *Client) error {
	_, err := c.UpdateAssociation(ctx, location, association.ID, "Pupil", "Tutor")
	return err
}

func deleteAssociation(ctx context.Context, c *Client) error {
	_, err := c.DeleteAssociation(ctx, location, association.ID)
	return err
}

func createRelation(ctx context.Context, c *Client) error {
	_, err := c.CreateRelation(ctx, location, relation.AssociationID, relation.FirstRecordID, relation.SecondRecordID)
	return err
}

func deleteRelation(ctx context.Context, c *Client) error {
	_, err := c.DeleteRelation(ctx, location, relation.ID)
	return err
}

func listRelations(ctx context.Context, c *Client) error {
	_, err := c.RelationPages(location, relation.FirstRecordID).Next(ctx, PageSize)
	return err
}
