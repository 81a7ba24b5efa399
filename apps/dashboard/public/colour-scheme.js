// Runs before anything is painted, so that a dark page never flashes white. A file of its own: inline scripts are
// forbidden by the server's content security policy. Storage key and attribute are Mantine's.
(() => {
  const chosen = window.localStorage.getItem("mantine-color-scheme-value");
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = chosen === "dark" || (chosen !== "light" && systemIsDark);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
