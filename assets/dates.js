// The first date format of a process takes tens of milliseconds to make: here, while the page waits for
// the app. Those that follow, also the page's, are there at once.
new Intl.DateTimeFormat().format();
new Intl.NumberFormat().format(0);
close();
