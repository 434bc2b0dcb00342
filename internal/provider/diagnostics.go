package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// failed turns an error into a diagnostic. An error that many resources share, such as a
// refused credential or an existing object, appears in full only once per process.
func (d *providerData) failed(o operation, err error) diag.Diagnostic {
	if exists, ok := errors.AsType[*store.ExistsError](err); ok {
		return d.existsFailure(o, exists)
	}
	if topic, what := refusal(err); topic != "" && !d.first(topic) {
		return diag.NewErrorDiagnostic(o.summary(), fmt.Sprintf("%s The failed operation concerns the %s in sub-account %q. The first error of this kind says what to do.", what, o.subject, o.locationID))
	}
	return o.failed(err)
}

// failed turns an error into a diagnostic: what to do, what happened in the server's own
// words, and the server's trace id.
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
	if exists, ok := errors.AsType[*store.ExistsError](err); ok {
		return o.exists(exists)
	}
	_, isUnknown := errors.AsType[*settle.UnknownOutcomeError](err)
	if several, ok := errors.AsType[*store.SeveralError](err); ok && o.verb == "Create" {
		return o.severalExist(several, isUnknown)
	}
	if isUnknown {
		return o.mayExist()
	}
	if changed, ok := errors.AsType[*store.LabelsChangedError](err); ok {
		return fmt.Sprintf("HighLevel accepted the labels but stores different ones: %s. Try again. If HighLevel still stores different labels, write them as HighLevel stores them.", labelsSentAndStored(changed.Sent, changed.Stored))
	}
	if changed, ok := errors.AsType[*store.KeyChangedError](err); ok {
		return keyChanged(o, changed)
	}
	switch {
	case isAbsence(err) && o.object != nil:
		return fmt.Sprintf("The %s no longer exists in sub-account %q. Plan again to see what changes.", o.subject, o.locationID)
	case isAbsence(err):
		return fmt.Sprintf("There is no %s in sub-account %q.", o.subject, o.locationID)
	}
	if _, ok := o.object.(customObjectModel); ok && ghl.LacksRoute(err, http.MethodDelete) {
		return noObjectDeletion
	}
	remedy := []string{cure(err)}
	switch {
	case o.verb == "Read" && o.object != nil:
		remedy = append(remedy, "The state is unchanged.")
		if ofTheAgency[ghl.KindOf(err)] {
			remedy = append(remedy, "Other resources that could not be read for the same reason show no error.")
		}
		if errors.Is(err, ghl.ErrIncomplete) || ghl.IsNotFound(err) || ghl.KindOf(err) == ghl.NotInstalled {
			remedy = append(remedy, "If you know that the object no longer exists, remove it from the state (state rm).")
		}
	case ghl.KindOf(err) == ghl.Refused && o.verb == "Create" && o.thing == "Custom Object":
		remedy = append(remedy, "A sub-account can have 10 custom objects.") // HighLevel's answer to the create of an eleventh object is not known
	case ghl.IsAmbiguous(err) && o.verb == "Create":
		remedy = append(remedy, "A lookup showed that nothing was created.") // without that lookup, err would be an UnknownOutcomeError
	case ghl.IsAmbiguous(err):
		remedy = append(remedy, "The change may have taken effect anyway: plan again to see whether it did.")
	}
	return strings.TrimSpace(strings.Join(remedy, " "))
}

func isAbsence(err error) bool {
	return errors.Is(err, store.ErrGone) || errors.Is(err, store.ErrNotFound)
}

// happened returns the whole chain of errors and the object of the operation. The errors
// do not always include the object, for example if a listing failed.
func (o operation) happened(err error) string {
	text := harmless(chain(err))
	if text == "" {
		return ""
	}
	doing := strings.TrimSuffix(o.verb, "e") + "ing"
	if o.verb == "Get" {
		doing = "Getting"
	}
	if o.locationID == "" { // the operation concerns the agency
		return fmt.Sprintf("%s %s: %s", doing, o.subject, text)
	}
	return fmt.Sprintf("%s %s in sub-account %q: %s", doing, o.subject, o.locationID, text)
}

func chain(err error) string {
	if kind := ghl.KindOf(err); isAbsence(err) || kind == ghl.Unserved || kind == ghl.NotAllowed {
		return "" // the remedy already says what happened
	}
	if exists, ok := errors.AsType[*store.ExistsError](err); ok {
		// The remedy already says what exists, so only HighLevel's refusal is added, if
		// there was one.
		if err = exists.Err; err == nil {
			return ""
		}
	}
	return err.Error()
}

func trace(err error) string {
	failure, ok := errors.AsType[*ghl.Error](err)
	if !ok || failure.TraceID == "" {
		return ""
	}
	return "HighLevel's trace id, for its support team: " + harmless(failure.TraceID)
}

// systemDefinedError is the error for the import of an association that HighLevel defines
// itself.
func systemDefinedError(row ghl.Association) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Import Association",
		fmt.Sprintf("The association %q (id %q) is defined by HighLevel itself (SYSTEM_DEFINED): nobody can change or delete it, so it cannot be managed. "+
			"Read the association with the data source ghl_association; you can create relations under it.", row.Key, row.ID))
}

// labelsLeftWarning warns that correcting the labels failed after a create. It is not an
// error, because an error would taint the association.
func labelsLeftWarning(failure diag.Diagnostic) diag.Diagnostic {
	return diag.NewWarningDiagnostic(failure.Summary(),
		"The association was created, but HighLevel stores its labels on the wrong objects, and correcting them failed. The next plan shows the correction as a change, and applying that plan tries again.\n\n"+failure.Detail())
}
