// Standard output belongs to what a script has to say: matrix-js-sdk's own log goes elsewhere.
for (const level of ["log", "info", "debug"]) {
  console[level] = console.error;
}
