package ghl

import (
	"context"
)

// operation calls one endpoint and discards its result.
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

func readObject(ctx context.Context, c *Client) error {
	_, err := c.Object(ctx, location, pet.Key)
	return err
}

func createObject(ctx context.Context, c *Client) error {
	_, err := c.CreateObject(ctx, newPet)
	return err
}

func updatePet(ctx context.Context, c *Client) error {
	_, err := c.UpdateObject(ctx, location, pet.ID, ObjectChange{})
	return err
}

func listCustomFields(ctx context.Context, c *Client) error {
	_, err := c.CustomFieldPages(location, pet.Key).Next(ctx, PageSize)
	return err
}

func readCustomField(ctx context.Context, c *Client) error {
	_, err := c.CustomField(ctx, location, size.ID)
	return err
}

func createCustomField(ctx context.Context, c *Client) error {
	_, err := c.CreateCustomField(ctx, size)
	return err
}

func updateCustomField(ctx context.Context, c *Client) error {
	_, err := c.UpdateCustomField(ctx, size, false)
	return err
}

func createCustomFieldFolder(ctx context.Context, c *Client) error {
	_, err := c.CreateCustomFieldFolder(ctx, location, pet.Key, folder.Name)
	return err
}

func updateCustomFieldFolder(ctx context.Context, c *Client) error {
	_, err := c.UpdateCustomFieldFolder(ctx, location, folder.ID, folder.Name)
	return err
}

func readCustomValue(ctx context.Context, c *Client) error {
	_, err := c.CustomValue(ctx, location, customValue.ID)
	return err
}

func createCustomValue(ctx context.Context, c *Client) error {
	_, err := c.CreateCustomValue(ctx, customValue)
	return err
}

func updateCustomValue(ctx context.Context, c *Client) error {
	_, err := c.UpdateCustomValue(ctx, customValue)
	return err
}

func searchRecords(ctx context.Context, c *Client) error {
	_, err := c.SearchRecords(ctx, location, pet.Key, "name", "Rex", 1)
	return err
}

func findByEmail(ctx context.Context, c *Client) error {
	_, err := c.ContactByEmail(ctx, location, "ann@example.com")
	return err
}

func findByPhone(ctx context.Context, c *Client) error {
	_, err := c.ContactByPhone(ctx, location, "+15550100")
	return err
}
