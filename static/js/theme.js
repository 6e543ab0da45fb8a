// @ts-check
/** Loaded before the first paint: the visitor's own choice of light or dark, else the system's. The button flips it. */
(() => {
  const KEY = "comanda.theme";
  const root = document.documentElement;
  const stored = (() => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is blocked: the system's choice stands
    }
  })();
  if (stored === "light" || stored === "dark") root.dataset.theme = stored;

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-theme-switch]") : null;
    if (!button) return;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // Kept for this page only.
    }
  });
})();
