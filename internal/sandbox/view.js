"use strict";

const every = 1000; // milliseconds between refreshes
const pause = document.getElementById("pause");
const problem = document.getElementById("problem");
let paused = false;
let shown = "";

// busy reports whether a refresh would interrupt the user, who types into the main part of the page or has selected text.
function busy() {
  const typing = document.activeElement.matches("main input");
  return typing || !document.getSelection().isCollapsed;
}

// refresh shows the current content of the sandbox, unless this would interrupt the user. Expanded details remain expanded, and
// the focus does not move.
async function refresh(mayDisturb) {
  const response = await fetch(location.pathname + location.search);
  const text = await response.text();
  if (!mayDisturb && (paused || busy())) {
    return;
  }
  const next = new DOMParser().parseFromString(text, "text/html");
  document.getElementById("time").textContent = next.getElementById("time").textContent;
  const main = next.querySelector("main");
  if (main.innerHTML === shown) {
    return;
  }
  shown = main.innerHTML;
  for (const open of document.querySelectorAll("main details[open]")) {
    const same = next.getElementById(open.id);
    if (same) {
      same.open = true;
    }
  }
  const focus = document.activeElement.id;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  if (focus) {
    document.getElementById(focus)?.focus({ preventScroll: true });
  }
}

const noAnswer = "The sandbox does not answer.";

// attempt runs a function that needs the sandbox, and shows a message if the sandbox does not answer.
async function attempt(something) {
  try {
    await something();
    return true;
  } catch {
    problem.textContent = noAnswer;
    return false;
  }
}

async function refreshForever() {
  if (!paused && !document.hidden && (await attempt(() => refresh(false))) && problem.textContent === noAnswer) {
    problem.textContent = "";
  }
  setTimeout(refreshForever, every);
}

// A button sends its form without leaving the page. A refusal is shown.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") {
    return;
  }
  event.preventDefault();
  attempt(async () => {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    const done = response.ok || response.type === "opaqueredirect";
    problem.textContent = done ? "" : await response.text();
    await refresh(true);
  });
});

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Resume" : "Pause";
});
pause.hidden = false;
refreshForever();
