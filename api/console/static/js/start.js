// Runs before the page is drawn: tells the style sheets that scripts do run here.
document.documentElement.dataset.script = "on";
