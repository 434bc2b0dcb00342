package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// operation is what was tried when an error came up.
type operation struct {
	verb       string // "Create"
	thing      string // "Association"
	subject    string // which one, in words
	locationID string
	isManaged  bool // a resource's, not a data source's

	association ghl.Association      // what a create of an association was to make
	relation    snapshot.RelationRef // what a create of a relation was to make
}

func associationOperation(verb string, m associationModel) operation {
	subject := fmt.Sprintf("association %q", m.Key.ValueString())
	if m.Key.IsNull() {
		subject = fmt.Sprintf("association with the id %q", m.ID.ValueString())
	}
	return operation{
		verb: verb, thing: "Association", subject: subject, locationID: m.LocationID.ValueString(),
		isManaged: true, association: m.wanted(),
	}
}

func relationOperation(verb string, ref snapshot.RelationRef) operation {
	return operation{
		verb: verb, thing: "Relation", locationID: ref.LocationID,
		isManaged: true, relation: ref,
		subject: relationWords(ref),
	}
}

func relationWords(ref snapshot.RelationRef) string {
	return fmt.Sprintf("relation of the records %q and %q under the association %q", ref.FirstRecordID, ref.SecondRecordID, ref.AssociationID)
}

func (o operation) summary() string { return "Unable to " + o.verb + " " + o.thing }

// failed turns an error into a diagnostic: what to do, what happened in the
// server's own words, and the server's id of it.
func (o operation) failed(err error) diag.Diagnostic {
	var paragraphs []string
	for _, paragraph := range []string{o.remedy(err), o.happened(err), trace(err)} {
		if paragraph != "" {
			paragraphs = append(paragraphs, paragraph)
		}
	}
	return diag.NewErrorDiagnostic(o.summary(), strings.Join(paragraphs, "\n\n"))
}

func (o operation) remedy(err error) string {
	if exists, ok := errors.AsType[*snapshot.ExistsError](err); ok {
		return o.exists(exists)
	}
	if _, ok := errors.AsType[*snapshot.UnknownOutcomeError](err); ok {
		return o.mayExist()
	}
	if changed, ok := errors.AsType[*snapshot.LabelsChangedError](err); ok {
		return fmt.Sprintf("HighLevel accepted the labels and stores others: %s. Try again. If HighLevel still stores others, write the labels as HighLevel stores them.", labelsSentAndStored(changed.Sent, changed.Stored))
	}
	switch {
	case isAbsence(err) && o.isManaged:
		return fmt.Sprintf("The %s no longer exists in sub-account %q. A new plan shows what that changes.", o.subject, o.locationID)
	case isAbsence(err):
		return fmt.Sprintf("There is no %s in sub-account %q.", o.subject, o.locationID)
	}
	remedy := []string{cure(err)}
	switch {
	case o.verb == "Read" && o.isManaged:
		remedy = append(remedy, "The state is left as it is.")
		if errors.Is(err, ghl.ErrIncomplete) || ghl.IsNotFound(err) || ghl.KindOf(err) == ghl.NotInstalled {
			remedy = append(remedy, "Where you know that it no longer exists, take it out with the engine's command state rm.")
		}
	case ghl.IsAmbiguous(err) && o.verb == "Create":
		remedy = append(remedy, "Looking it up showed that nothing was created.") // else the outcome were unknown
	case ghl.IsAmbiguous(err):
		remedy = append(remedy, "The change may have been carried out all the same: a new plan shows whether it was.")
	}
	return strings.TrimSpace(strings.Join(remedy, " "))
}

func isAbsence(err error) bool {
	return errors.Is(err, snapshot.ErrGone) || errors.Is(err, snapshot.ErrNotFound)
}

// cure says what to do about a failure that is not about what the operation was for.
func cure(err error) string {
	kind := ghl.KindOf(err)
	text := credentialRemedy(err)
	switch {
	case text != "":
		return text
	case errors.Is(err, ghl.ErrIncomplete):
		return "HighLevel's listing did not come whole, so what it leaves out may be there all the same. Try again."
	case remedies[kind] != "":
		return remedies[kind]
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation's time was up. Try again, or allow it more with the resource's timeouts."
	case errors.Is(err, context.Canceled), kind == ghl.Interrupted:
		return "The operation was interrupted."
	default:
		return "Try again; where it stays so, please report it."
	}
}

// remedies says what to do about each kind of failure of a call.
var remedies = map[ghl.Kind]string{
	ghl.NotFound:     "HighLevel does not know the object, or one that the request names. Check the ids, and whether the object was deleted outside of this configuration.",
	ghl.UnknownRoute: "The answer did not come from the HighLevel API. Check base_url (or GHL_BASE_URL), and any proxy on the way.",
	ghl.Unauthorized: "HighLevel did not accept the access token. Set access_token (or GHL_ACCESS_TOKEN) to a Private Integration Token or an OAuth access token of the sub-account itself; tokens of an agency are refused here. " +
		"An OAuth access token expires after about a day: get a new one and set that. A Private Integration Token that was rotated or deleted is replaced in HighLevel under Settings > Private Integrations.",
	ghl.MissingScope: "The access token lacks a scope. It needs associations.readonly, associations.write, associations/relation.readonly and associations/relation.write: " +
		"add them to the private integration or the app, and use the token that this gives.",
	ghl.WrongTokenType: "HighLevel does not allow this type of token here: most likely it is an agency's. Set access_token (or GHL_ACCESS_TOKEN) to a token of the sub-account itself. " +
		"An agency's OAuth access token goes into agency_access_token (or GHL_AGENCY_ACCESS_TOKEN), with company_id, and is exchanged for the sub-account's.",
	ghl.WrongVersion: "HighLevel does not accept the version of the API. Correct api_version (or GHL_API_VERSION), or remove it: the default is " + ghl.DefaultAPIVersion + ".",
	ghl.Forbidden:    "The access token is of another sub-account. Check location_id (or GHL_LOCATION_ID) against access_token (or GHL_ACCESS_TOKEN).",
	ghl.EdgeRefused:  "The edge in front of HighLevel refused the client, not the token. Check for a proxy, a VPN or a blocked address on the way, and what TF_APPEND_USER_AGENT adds.",
	ghl.Duplicate:    "It exists already. If another resource of this state manages it, add a moved block; if no state does, import it.",
	ghl.DuplicateLabels: "Two associations of the same two objects cannot have the same pair of labels. Change one of the labels. " +
		"Or manage the existing association: with a moved block if another resource of this configuration had it, with an import block if none did. Write the key of that association then: with another key, the plan replaces it, and all its relations are deleted.",
	ghl.DuplicateOpportunity: "The contact already has an opportunity in that pipeline. Choose another contact, or move one of the two opportunities to another pipeline.",
	ghl.InvalidRecord:        "A record does not fit its side of the association. Check that both records exist, and that each is of the object that the association has on its side.",
	ghl.Refused:              "HighLevel refused the request. Correct what its answer names.",
	ghl.RateLimited:          "The rate limit was used up until the operation's time was up. Try again, allow more time with the resource's timeouts, or find out what else spends this sub-account's calls.",
	ghl.DailyLimit:           "The sub-account's daily budget of calls is spent, and no call will pass today. Try again when it has been reset.",
	ghl.Unavailable:          "HighLevel could not answer, repeats included. Try again later; max_retries says how often a call is repeated.",
	ghl.Malformed:            "HighLevel's answer makes no sense to the provider. Try again; if it happens again, check base_url (or GHL_BASE_URL), and report it.",
	ghl.Network:              "There was no answer. Check the network, base_url (or GHL_BASE_URL), and the proxy variables (HTTPS_PROXY); request_timeout bounds one request.",
	ghl.Untrusted: "The certificate of the server is not trusted, so nothing was sent. If your network has a certificate authority of its own, set SSL_CERT_FILE to a file with its certificate (PEM); macOS and Windows take it from the system instead. " +
		"Otherwise check base_url (or GHL_BASE_URL), and this computer's clock.",
	ghl.ProxyRefused: "The proxy refused to connect to the server, so nothing was sent. Check the proxy variables (HTTPS_PROXY, NO_PROXY), and the user name and password in them.",
	ghl.Redirected:   "The answer was a redirect, which is not followed, since that would carry the access token elsewhere. Check base_url (or GHL_BASE_URL).",
}

// happened tells the whole chain of errors, the API's part of it put into words, and
// what it befell: the failed call may have been about anything, such as a listing.
func (o operation) happened(err error) string {
	text := harmless(chain(err))
	if text == "" {
		return ""
	}
	doing := strings.TrimSuffix(o.verb, "e") + "ing"
	if o.verb == "Get" {
		doing = "Getting"
	}
	if o.locationID == "" { // the agency's affair
		return fmt.Sprintf("%s %s: %s", doing, o.subject, text)
	}
	return fmt.Sprintf("%s %s in sub-account %q: %s", doing, o.subject, o.locationID, text)
}

func chain(err error) string {
	if kind := ghl.KindOf(err); isAbsence(err) || kind == ghl.Unserved || kind == ghl.NotAllowed {
		return "" // the remedy has told it
	}
	if exists, ok := errors.AsType[*snapshot.ExistsError](err); ok {
		// What exists has been told; what is left is the refusal, where there was one.
		if err = exists.Err; err == nil {
			return ""
		}
	}
	text := err.Error()
	if failure, ok := errors.AsType[*ghl.Error](err); ok {
		text = strings.Replace(text, failure.Error(), inWords(failure), 1)
	}
	return text
}

func inWords(failure *ghl.Error) string {
	var parts []string
	for _, part := range append([]string{failure.Message}, failure.Details...) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if failure.Err != nil {
		parts = append(parts, failure.Err.Error())
	}
	said := strings.Join(parts, ": ")
	if failure.Method == "" {
		return fmt.Sprintf("%s: %s", failure.Operation, said)
	}
	if failure.Status == 0 {
		return fmt.Sprintf("%s %s (%s): %s", failure.Method, failure.Path, failure.Operation, said)
	}
	return fmt.Sprintf("HighLevel answered %d to %s %s (%s): %s", failure.Status, failure.Method, failure.Path, failure.Operation, said)
}

func trace(err error) string {
	failure, ok := errors.AsType[*ghl.Error](err)
	if !ok || failure.TraceID == "" {
		return ""
	}
	return "HighLevel's trace id, for its support: " + harmless(failure.TraceID)
}

// systemDefinedError refuses to manage what HighLevel made.
func systemDefinedError(row ghl.Association) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Import Association",
		fmt.Sprintf("The association %q (id %q) is defined by HighLevel itself (SYSTEM_DEFINED): it can neither be changed nor deleted, so it cannot be managed. "+
			"Read it with the data source ghl_association; relations can be made under it.", row.Key, row.ID))
}

// labelsLeftWarning reports a label repair that failed after a create. An error
// would taint the association.
func labelsLeftWarning(failure diag.Diagnostic) diag.Diagnostic {
	return diag.NewWarningDiagnostic(failure.Summary(),
		"The association was created, but HighLevel holds its labels at the wrong objects, and putting them right failed. The next plan shows it as a change, and applying that tries again.\n\n"+failure.Detail())
}
