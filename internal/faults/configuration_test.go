package faults_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// block is a resource block of the configuration.
type block struct {
	kind     *kind
	location string
	under    string // address of the block that this block refers to; "" means an object that HighLevel created
	timeouts bool
	key      string // key of the object; "" for a relation
	texts    [2]int // numbers of the texts; an association has one for each of the pair's objects, in the pair's order, other kinds use only the first

	// These fields describe an association.
	pair   int  // index in pairs of the two objects
	turned bool // the block has the two objects in reverse order

	// These fields describe a relation or a set of relations.
	numbers [2]int // numbers of the records, in the order of the association's pair; for a set, the first is the number of its record
	swapped bool   // the records are in reverse order; for a set, its record is the second record
	byKey   bool   // the block refers to the association by key
	members int    // the related records of a set, one bit each
}

// configuration maps addresses to blocks.
type configuration map[string]*block

// pairs are the pairs of objects that an association in the tests can link.
var pairs = [][2]string{
	{"custom_objects.student", "custom_objects.teacher"},
	{"contact", "contact"},
	{"contact", "custom_objects.student"},
	{"business", "opportunity"},
}

// The association that every sub-account has from the start, and its pair.
const builtInID = "OPPORTUNITIES_CONTACTS_ASSOCIATION"

var builtInPair = [2]string{"opportunity", "contact"}

func (b *block) resource() *resourceType { return schemas().resources[b.kind.name] }

// associationKey returns the key of a relation's association, as HighLevel stores it.
func (b *block) associationKey(config configuration) string {
	if b.under == "" {
		return builtInID
	}
	return strings.ToLower(config[b.under].key)
}

// association returns the attribute that identifies a relation's association, and its value.
func (b *block) association(c configuration, parent func() tftypes.Value) (name string, value tftypes.Value) {
	switch {
	case b.byKey:
		return "association_key", text(b.associationKey(c))
	case b.under == "":
		return "association_id", text(builtInID)
	default:
		return "association_id", parent()
	}
}

// objects returns the two objects that a relation's association links, in the pair's order.
func (b *block) objects(config configuration) [2]string {
	if b.under == "" {
		return builtInPair
	}
	return pairs[config[b.under].pair]
}

// records returns the ids of a relation's two records, in the order of the block.
func (b *block) records(config configuration) [2]string {
	objects := b.objects(config)
	ids := [2]string{record(objects[0], b.numbers[0]), record(objects[1], b.numbers[1])}
	if b.swapped {
		ids[0], ids[1] = ids[1], ids[0]
	}
	return ids
}

// record returns the id of a record of an object. The sandbox can derive the object from the id.
func record(object string, number int) string {
	return fmt.Sprintf("%s-%d", strings.TrimPrefix(object, "custom_objects."), number)
}

func objectOfRecord(id string) string { return id[:max(0, strings.LastIndexByte(id, '-'))] }

// label returns the label for one of the pair's two objects. No two associations have the same pair of labels, because the
// server would refuse the second association.
func (b *block) label(side int) string {
	return fmt.Sprintf("Label %d of %s", b.texts[side], strings.ToLower(b.key))
}

// home is the sub-account in the provider block.
const home = "loc0"

// explicit returns the location_id of a block: null for home, otherwise the id.
func explicit(location string) tftypes.Value {
	if location == home {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return text(location)
}

// value returns the block as the provider receives it. The id of the object that the block refers to may be unknown.
func (b *block) value(config configuration, idOf func(address string) tftypes.Value) tftypes.Value {
	given := b.kind.given(b, config, func() tftypes.Value { return idOf(b.under) })
	given["location_id"] = explicit(b.location)
	if b.timeouts {
		kind := objectOf(b.resource().object.AttributeTypes["timeouts"])
		given["timeouts"] = objectValue(kind, map[string]tftypes.Value{"create": text("2m"), "read": text("3m"), "delete": text("4m")})
	}
	return objectValue(b.resource().object, given)
}

func (c configuration) addresses() []string { return slices.Sorted(maps.Keys(c)) }

// of returns the addresses of one kind in one sub-account. The location "" means any sub-account.
func (c configuration) of(k *kind, location string) []string {
	return slices.DeleteFunc(c.addresses(), func(a string) bool { return c[a].kind != k || location != "" && c[a].location != location })
}

// keyed returns the addresses of all blocks except relations and sets.
func (c configuration) keyed() []string {
	return slices.DeleteFunc(c.addresses(), func(a string) bool { return c[a].key == "" })
}

// remove removes a block, and the blocks that refer to it.
func (c configuration) remove(address string) {
	delete(c, address)
	for _, a := range c.addresses() {
		if c[a] != nil && c[a].under == address {
			c.remove(a)
		}
	}
}

// editKind is a way to change a configuration.
type editKind int

const (
	addAssociation editKind = iota
	addRelation
	addCustomValue
	addCustomObject
	addFieldFolder
	addCustomField
	addRecordRelations
	removeBlock
	changeText
	swapLabels
	changeKey
	changeKeyCase
	changeObjects
	turnSides
	swapRecords
	changeRecord
	changeAssociation
	changeTimeouts
	renameBlock // move the object to another address, without a moved block
	nameByKey   // refer to the association by key instead of by id, or the reverse
	swapTwo     // swap the records of a relation between records of one object, and change its address, as if the address contained the record ids
	changeSet   // add some records to a set, and remove others
	editKinds   // number of kinds
)

var editNames = [editKinds]string{
	"add association", "add relation", "add custom value", "add custom object", "add field folder", "add custom field", "add record relations",
	"remove", "change text", "swap labels", "change key", "change key's case", "change objects",
	"turn sides", "swap records", "change record", "change association", "change timeouts", "rename", "name by key", "swap two records", "change set",
}

// edit is one change of the configuration. Pick chooses the block.
type edit struct {
	Kind editKind
	Pick int
}

func (e edit) String() string { return fmt.Sprintf("%s/%d", editNames[e.Kind], e.Pick) }

// apply changes the configuration, or does nothing if no block fits.
func (e edit) apply(c configuration, locations []string) {
	switch e.Kind {
	case addAssociation, addRelation, addCustomValue, addCustomObject, addFieldFolder, addCustomField, addRecordRelations:
		c.add(kinds[e.Kind], locations[e.Pick%len(locations)], e.Pick/len(locations))
	case removeBlock:
		if a := pick(c.addresses(), e.Pick); a != "" {
			c.remove(a)
		}
	case changeTimeouts:
		if a := pick(c.addresses(), e.Pick); a != "" {
			c.change(a, func(b *block) { b.timeouts = !b.timeouts })
		}
	case renameBlock:
		if a := pick(c.addresses(), e.Pick); a != "" {
			c.rename(a)
		}
	case swapTwo:
		if a := pick(c.betweenContacts(), e.Pick); a != "" {
			c.change(c.rename(a), func(b *block) { b.swapped = !b.swapped })
		}
	case changeSet:
		if a := pick(c.of(sets, ""), e.Pick); a != "" {
			c.change(a, func(b *block) { b.members ^= 1 + e.Pick%15 })
		}
	case swapRecords, changeRecord, changeAssociation, nameByKey:
		if a := pick(append(c.of(relations, ""), c.of(sets, "")...), e.Pick); a != "" {
			c.change(a, func(b *block) { e.changeRelation(c, b) })
		}
	default:
		if a := pick(c.keyed(), e.Pick); a != "" {
			c.change(a, e.changeKeyed)
		}
	}
}

// rename gives a block another address in its sub-account, and returns the address. Blocks that refer to this block then refer
// to the new address by id, because the plan would reject a reference by key. If no address is free, the block keeps its
// address.
func (c configuration) rename(address string) string {
	b := c[address]
	if b.kind == sets { // the record of a set depends on the address
		return address
	}
	for i := range b.kind.most + 2 { // includes two addresses that only renamed blocks can have
		renamed := b.kind.address(b.location, i)
		if c[renamed] != nil {
			continue
		}
		delete(c, address)
		c[renamed] = b
		for _, a := range c.addresses() {
			if c[a].under == address {
				c.change(a, func(r *block) { r.under, r.byKey = renamed, false })
			}
		}
		return renamed
	}
	return address
}

// betweenContacts returns the addresses of the relations between two records of one object.
func (c configuration) betweenContacts() []string {
	return slices.DeleteFunc(c.of(relations, ""), func(a string) bool {
		objects := c[a].objects(c)
		return objects[0] != objects[1]
	})
}

// pick chooses an element, or "" if there is none.
func pick(among []string, n int) string {
	if len(among) == 0 {
		return ""
	}
	return among[n%len(among)]
}

// change replaces a block with a changed copy, because plans may still refer to the old block.
func (c configuration) change(address string, how func(*block)) {
	changed := *c[address]
	how(&changed)
	c[address] = &changed
}

func (k *kind) address(location string, n int) string {
	return fmt.Sprintf("%s.%s%d", location, k.letter, n)
}

func (c configuration) add(k *kind, location string, n int) {
	for i := range k.most {
		if address := k.address(location, i); c[address] == nil {
			if b := k.block(k, c, location, n); b != nil {
				b.kind, b.location = k, location
				c[address] = b
			}
			return
		}
	}
}

// freeKey returns a key that no block of the kind in the sub-account has, with or without a suffix.
func (c configuration) freeKey(k *kind, location string) string {
	for i := 0; ; i++ {
		key := fmt.Sprintf("Key_%d", i)
		if !slices.ContainsFunc(c.of(k, location), func(a string) bool {
			return strings.EqualFold(strings.Split(c[a].key, "_new")[0], key)
		}) {
			return key
		}
	}
}

// freeNumber returns a number that the second record of no relation in the sub-account has.
func (c configuration) freeNumber(location string) int {
	for n := 10; ; n++ {
		if !slices.ContainsFunc(c.addresses(), func(a string) bool { return c[a].location == location && c[a].numbers[1] == n }) {
			return n
		}
	}
}

func (e edit) changeKeyed(b *block) {
	switch e.Kind {
	case changeText:
		b.texts[0] = 1 + b.texts[0]%3
		if b.texts[0] == b.texts[1] {
			b.texts[0] = 1 + b.texts[0]%3
		}
	case swapLabels:
		b.texts[0], b.texts[1] = b.texts[1], b.texts[0]
	case changeKey:
		if other, ok := strings.CutSuffix(b.key, "_new"); ok {
			b.key = other
		} else {
			b.key += "_new"
		}
	case changeKeyCase:
		if lower := strings.ToLower(b.key); b.key != lower {
			b.key = lower
		} else {
			b.key = "K" + b.key[1:]
		}
	case changeObjects:
		b.pair = (b.pair + 1) % len(pairs)
	case turnSides:
		b.turned = !b.turned
	}
}

// changeRelation changes a relation or a set. If the second record changes, it gets a number that no other relation uses.
func (e edit) changeRelation(c configuration, b *block) {
	switch e.Kind {
	case swapRecords:
		b.swapped = !b.swapped
	case nameByKey:
		b.byKey = !b.byKey
	case changeRecord:
		if b.kind == sets {
			b.numbers[0] ^= 4
			return
		}
		b.numbers[1] = c.freeNumber(b.location)
	case changeAssociation:
		if other := pick(c.of(associations, b.location), e.Pick); other != "" {
			b.under = other
		}
	}
}
