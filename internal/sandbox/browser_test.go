package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A real browser shows the content of the sandbox.
func TestViewInABrowser(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	const hostile = `</bdi><script>document.title = "run"</script><img src="/associations/stolen">`
	odd := c.create("odd", "business", hostile, "contact", "Contact")
	c.relate(odd, "business-1", "contact-1")
	before := len(c.s.Requests())

	b := open(t, c.url+"/")
	document := b.document()
	mustRead(t, document,
		"What the sandbox holds", "Elm Street School", "Associations",
		"taught_by", "Student custom_objects.student", "Teacher custom_objects.teacher", " 3 ",
		"odd", hostile, "business", "Contact contact", " 1 ",
		"BUSINESSES_CONTACTS_ASSOCIATION system-defined",
		"Relations", "taught_by 3 relations", "student-10", "student-1", "student-9", "teacher-1", "teacher-2",
		"parent_of 1 relation ", "odd 1 relation ", "business-1", "contact-1",
		"Last requests", "POST /associations/relations school 201 Created",
	)
	for element, want := range map[string]int{"<title>What the sandbox holds</title>": 1, "<script": 1, "<img": 0, `<path class="line"`: 5, "<figure": 3, "<rect": 9} {
		if got := strings.Count(document, element); got != want {
			t.Errorf("%s is in the document %d times, want %d", element, got, want)
		}
	}
	b.mustNotComplain()
	if got := c.s.Requests()[before:]; len(got) > 0 {
		t.Errorf("viewing the page made API requests: %+v", got)
	}
}

// countsRefreshes is a script that makes the page refresh itself at once and counts the attempted refreshes.
const countsRefreshes = `(() => {
	const later = window.setTimeout;
	window.rounds = 0;
	window.setTimeout = (what) => { window.rounds++; return later(what, 5); };
})()`

// shows returns a JavaScript expression that is true if the main part of the page contains text.
func shows(text string) string {
	return fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, text)
}

// The page shows changes without a reload. Expanded details remain expanded, and the user can pause the refreshes.
func TestViewRefreshesItself(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	b := open(t, c.url+"/")
	b.run(`window.loaded = "once"; document.querySelector("figure details").open = true;` + countsRefreshes)
	c.create("coached_by", "custom_objects.student", "Trainee", "custom_objects.teacher", "Coach")
	b.wait(shows("coached_by"))
	if got := b.run(`window.loaded + " " + document.querySelector("figure details").open`); got != "once true" {
		t.Errorf("after a refresh: %s", got)
	}

	b.run(`document.getElementById("pause").click(); window.rounds = 0`)
	c.create("driven_by", "custom_objects.student", "Passenger", "custom_objects.teacher", "Driver")
	b.wait(`window.rounds > 3`)
	if got := b.run(shows("driven_by") + ` + document.getElementById("pause").textContent`); got != "falseResume" {
		t.Errorf("while paused: %s", got)
	}
	b.run(`document.getElementById("pause").click()`)
	b.wait(shows("driven_by"))
	b.mustNotComplain()
}

// The page does not refresh itself while the user types or has selected text.
func TestViewDoesNotDisturb(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	b := open(t, c.url+"/")
	b.run(countsRefreshes)
	b.run(`document.querySelector(".change").open = true; document.querySelector(".change input[name=first]").focus(); window.rounds = 0`)
	c.create("coached_by", "custom_objects.student", "Trainee", "custom_objects.teacher", "Coach")
	b.wait(`window.rounds > 3`)
	if got := b.run(shows("coached_by")); got != "false" {
		t.Error("the page refreshed itself while the user was typing")
	}
	b.run(`document.activeElement.blur()`)
	b.wait(shows("coached_by"))

	b.run(`document.getSelection().selectAllChildren(document.querySelector("h2")); window.rounds = 0`)
	c.create("driven_by", "custom_objects.student", "Passenger", "custom_objects.teacher", "Driver")
	b.wait(`window.rounds > 3`)
	if got := b.run(shows("driven_by")); got != "false" {
		t.Error("the page refreshed itself while text was selected")
	}
	b.mustNotComplain()
}

// Each button performs its action, and the page shows a refusal.
func TestButtonsInABrowser(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	before := len(c.s.Requests())
	b := open(t, c.url+"/")
	b.run(countsRefreshes)
	form := func(action string) string {
		return fmt.Sprintf(`document.querySelector("form[action='/_sandbox/%s']")`, action)
	}
	press := func(action string, fields ...string) {
		script := "(() => { const form = " + form(action) + "; "
		for i := 0; i < len(fields); i += 2 {
			script += fmt.Sprintf("form.elements[%q].value = %q; ", fields[i], fields[i+1])
		}
		b.run(script + `form.querySelector("button:not([type])").click() })()`)
	}
	taughtBy := func() sandbox.Association { return c.s.Associations(school)[0] }

	press("rename", "first", "Pupil", "second", "Tutor")
	b.wait(shows("Pupil"))
	if got := taughtBy(); got.FirstObjectLabel != "Pupil" || got.SecondObjectLabel != "Tutor" {
		t.Errorf("renamed: %+v", got)
	}
	press("relate", "first", "student-77", "second", "teacher-1")
	b.wait(shows("student-77"))
	press("relate", "first", "student-77", "second", "teacher-1")
	b.wait(`document.getElementById("problem").textContent.startsWith("Could not create relation: duplicate relation")`)
	press("delete-relation")
	b.wait(`document.querySelectorAll("path.line").length === 4 && document.getElementById("problem").textContent === ""`)
	press("delete-association")
	b.wait(`!` + shows("taught_by"))
	press("expire-token")
	b.wait(shows("Its token has expired."))
	c.want("GET", page100, "", 401, "Invalid JWT")
	press("accept-token")
	b.wait(shows("Its token is valid."))
	c.want("GET", page100, "", 200, "parent_of")
	if got := c.s.Requests()[before:]; len(got) != 2 {
		t.Errorf("the buttons made requests: %+v", got)
	}
	if len(b.complaints) != 1 || !strings.Contains(b.complaints[0], "status of 400") {
		t.Errorf("the browser reports more than the duplicate: %q", b.complaints)
	}
}

func TestSearchInABrowser(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	for i := range 3000 {
		c.s.AddRecord(school, fmt.Sprintf("contact-%d", i+1), "contact", map[string]any{"email": fmt.Sprintf("person-%d@example.com", i+1)})
	}
	b := open(t, c.url+"/")
	b.run(`(() => { const form = document.querySelector(".search"); form.elements.find.value = "person-2@example.com"; form.querySelector("button").click() })()`)
	b.wait(`location.search === "?find=person-2%40example.com" && ` + shows("Records for person-2@example.com"))
	mustRead(t, b.document(), "contact-2", "A record of contact in Elm Street School", "email person-2@example.com",
		"Associations of its object:", "parent_of (1),", "parent_of : contact-1 – contact-2 Delete")
	b.run(countsRefreshes)
	b.run(`document.querySelector("#found form button").click()`)
	b.wait(shows("No relations.") + ` && location.search !== ""`)
	if got := len(c.s.Relations(school)); got != 3 {
		t.Errorf("%d relations are left, want 3", got)
	}
	b.mustNotComplain()
}
