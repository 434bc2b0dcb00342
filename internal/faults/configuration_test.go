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
	location string

	// Of an association.
	key    string
	pair   int    // which two objects it links
	turned bool   // they are written the other way round
	labels [2]int // of the pair's two objects, whichever is written first

	// Of a relation.
	under    string // address of its association
	builtIn  bool   // instead of under, an association that HighLevel defines itself
	numbers  [2]int // of the records, in the order of the association's pair
	swapped  bool   // they are written the other way round than the pair
	timeouts bool
}

// configuration holds the blocks by address.
type configuration map[string]*block

// pairs are the objects that an association of the tests can link.
var pairs = [][2]string{
	{"custom_objects.student", "custom_objects.teacher"},
	{"contact", "contact"},
	{"contact", "custom_objects.student"},
	{"business", "opportunity"},
}

// The association that every sub-account has from the start, and its pair.
const builtInID = "OPPORTUNITIES_CONTACTS_ASSOCIATION"

var builtInPair = [2]string{"opportunity", "contact"}

func (b *block) isRelation() bool { return b.under != "" || b.builtIn }

func (b *block) kind() *resourceType {
	if b.isRelation() {
		return schemas().resources[relationType]
	}
	return schemas().resources[associationType]
}

// objects are the two objects that a relation's association links, in the pair's
// order.
func (b *block) objects(config configuration) [2]string {
	if b.builtIn {
		return builtInPair
	}
	return pairs[config[b.under].pair]
}

// records are the ids of a relation's two records, as the block writes them.
func (b *block) records(config configuration) [2]string {
	objects := b.objects(config)
	ids := [2]string{record(objects[0], b.numbers[0]), record(objects[1], b.numbers[1])}
	if b.swapped {
		ids[0], ids[1] = ids[1], ids[0]
	}
	return ids
}

// record is the id of a record of an object, of which the sandbox can tell the object.
func record(object string, number int) string {
	return fmt.Sprintf("%s-%d", strings.TrimPrefix(object, "custom_objects."), number)
}

// label is that of one of the pair's two objects. No two associations have the same pair of them, which the server would refuse.
func (b *block) label(side int) string {
	return fmt.Sprintf("Label %d of %s", b.labels[side], strings.ToLower(b.key))
}

// home is the sub-account that the provider block names.
const home = "loc0"

// explicit is the attribute that names any other.
func explicit(location string) tftypes.Value {
	if location == home {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return text(location)
}

// value is the block as the provider is shown it. A reference to an association's id
// may not be known yet.
func (b *block) value(config configuration, idOf func(address string) tftypes.Value) tftypes.Value {
	given := map[string]tftypes.Value{"location_id": explicit(b.location)}
	if b.isRelation() {
		given["association_id"] = text(builtInID)
		if b.under != "" {
			given["association_id"] = idOf(b.under)
		}
		records := b.records(config)
		given["first_record_id"], given["second_record_id"] = text(records[0]), text(records[1])
	} else {
		first, second := 0, 1
		if b.turned {
			first, second = 1, 0
		}
		given["key"] = text(b.key)
		given["first_object_key"], given["first_object_label"] = text(pairs[b.pair][first]), text(b.label(first))
		given["second_object_key"], given["second_object_label"] = text(pairs[b.pair][second]), text(b.label(second))
	}
	if b.timeouts {
		kind := objectOf(b.kind().object.AttributeTypes["timeouts"])
		given["timeouts"] = objectValue(kind, map[string]tftypes.Value{"create": text("2m"), "read": text("3m"), "delete": text("4m")})
	}
	return objectValue(b.kind().object, given)
}

func (c configuration) addresses() []string { return slices.Sorted(maps.Keys(c)) }

// associations and relations are the addresses of one kind, in one sub-account or,
// for "", in any.
func (c configuration) associations(location string) []string {
	return slices.DeleteFunc(c.addresses(), func(a string) bool { return c[a].isRelation() || location != "" && c[a].location != location })
}

func (c configuration) relations() []string {
	return slices.DeleteFunc(c.addresses(), func(a string) bool { return !c[a].isRelation() })
}

// remove takes a block out, and those that refer to it.
func (c configuration) remove(address string) {
	delete(c, address)
	for _, a := range c.addresses() {
		if c[a].under == address {
			delete(c, a)
		}
	}
}

// editKind is a way to change a configuration.
type editKind int

const (
	addAssociation editKind = iota
	addRelation
	removeBlock
	changeLabel
	swapLabels
	changeKey
	changeKeyCase
	changeObjects
	turnSides
	swapRecords
	changeRecord
	changeAssociation
	changeTimeouts
	renameBlock // the same object at another address, without a moved block
	swapTwo     // the records of a relation between records of one object change places, and its address holds their names
	editKinds   // how many there are
)

var editNames = [editKinds]string{
	"add association", "add relation", "remove", "change label", "swap labels", "change key", "change key's case", "change objects",
	"turn sides", "swap records", "change record", "change association", "change timeouts", "rename", "swap two records",
}

// edit is one change of the configuration. pick chooses among what there is.
type edit struct {
	Kind editKind
	Pick int
}

func (e edit) String() string { return fmt.Sprintf("%s/%d", editNames[e.Kind], e.Pick) }

// apply changes the configuration, or does nothing where there is nothing to change.
func (e edit) apply(c configuration, locations []string) {
	switch e.Kind {
	case addAssociation:
		c.addAssociation(locations[e.Pick%len(locations)], e.Pick/len(locations))
	case addRelation:
		c.addRelation(locations[e.Pick%len(locations)], e.Pick/len(locations))
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
	case swapRecords, changeRecord, changeAssociation:
		if a := pick(c.relations(), e.Pick); a != "" {
			c.change(a, func(b *block) { e.changeRelation(c, b) })
		}
	default:
		if a := pick(c.associations(""), e.Pick); a != "" {
			c.change(a, e.changeAssociation)
		}
	}
}

// rename gives a block another address of its sub-account, which it returns. What refers to the block follows. If none is free,
// the block stays.
func (c configuration) rename(address string) string {
	b := c[address]
	name, most := "a", mostAssociations
	if b.isRelation() {
		name, most = "r", mostRelations
	}
	for i := range most + 2 { // two addresses that only renamed blocks have
		renamed := fmt.Sprintf("%s.%s%d", b.location, name, i)
		if c[renamed] != nil {
			continue
		}
		delete(c, address)
		c[renamed] = b
		for _, a := range c.relations() {
			if c[a].under == address {
				c.change(a, func(r *block) { r.under = renamed })
			}
		}
		return renamed
	}
	return address
}

// betweenContacts are the addresses of the relations between two contacts.
func (c configuration) betweenContacts() []string {
	return slices.DeleteFunc(c.relations(), func(a string) bool {
		objects := c[a].objects(c)
		return objects[0] != objects[1]
	})
}

// pick chooses one of several, and "" among none.
func pick(among []string, n int) string {
	if len(among) == 0 {
		return ""
	}
	return among[n%len(among)]
}

// change replaces a block by a changed one: plans may still hold the old.
func (c configuration) change(address string, how func(*block)) {
	changed := *c[address]
	how(&changed)
	c[address] = &changed
}

const (
	mostAssociations = 3 // per sub-account
	mostRelations    = 5
)

func (c configuration) addAssociation(location string, n int) {
	for i := range mostAssociations {
		address := fmt.Sprintf("%s.a%d", location, i)
		if c[address] == nil {
			c[address] = &block{location: location, key: c.freeKey(location), pair: n % len(pairs), labels: [2]int{1, 2}, turned: n/4%2 == 1}
			return
		}
	}
}

// freeKey is a key that no association of the sub-account has, with or without its suffix.
func (c configuration) freeKey(location string) string {
	for i := 0; ; i++ {
		key := fmt.Sprintf("Key_%d", i)
		if !slices.ContainsFunc(c.associations(location), func(a string) bool {
			return strings.EqualFold(strings.TrimSuffix(c[a].key, "_new"), key)
		}) {
			return key
		}
	}
}

// freeNumber is one that the second record of no relation of the sub-account has.
func (c configuration) freeNumber(location string) int {
	for n := 10; ; n++ {
		if !slices.ContainsFunc(c.relations(), func(a string) bool { return c[a].location == location && c[a].numbers[1] == n }) {
			return n
		}
	}
}

func (c configuration) addRelation(location string, n int) {
	under := pick(append(c.associations(location), ""), n)
	for i := range mostRelations {
		address := fmt.Sprintf("%s.r%d", location, i)
		if c[address] == nil {
			c[address] = &block{location: location, under: under, builtIn: under == "", numbers: [2]int{1 + n/2%2, c.freeNumber(location)}, swapped: n/4%2 == 1}
			return
		}
	}
}

func (e edit) changeAssociation(b *block) {
	switch e.Kind {
	case changeLabel:
		b.labels[0] = 1 + b.labels[0]%3
		if b.labels[0] == b.labels[1] {
			b.labels[0] = 1 + b.labels[0]%3
		}
	case swapLabels:
		b.labels[0], b.labels[1] = b.labels[1], b.labels[0]
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

// changeRelation keeps the second number to those that no other relation has.
func (e edit) changeRelation(c configuration, b *block) {
	switch e.Kind {
	case swapRecords:
		b.swapped = !b.swapped
	case changeRecord:
		b.numbers[1] = c.freeNumber(b.location)
	case changeAssociation:
		if other := pick(c.associations(b.location), e.Pick); other != "" {
			b.under, b.builtIn = other, false
		}
	}
}
