// What this browser keeps for its user: a few choices, never data. Without storage nothing is kept.

export function remembered(name) {
  try {
    return localStorage.getItem(`millrace.${name}`);
  } catch (blocked) {
    return null;
  }
}

/** Null forgets. */
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(`millrace.${name}`);
    else localStorage.setItem(`millrace.${name}`, value);
  } catch (blocked) {
    // The choice then lasts as long as the address says it.
  }
}
