// Runs before the first paint, so that a chosen theme does not flash. Everything else about it is in theme.js.
(function () {
  try {
    const chosen = localStorage.getItem('millrace.theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch (blocked) {
    // Without storage the pages follow the system.
  }
})();
