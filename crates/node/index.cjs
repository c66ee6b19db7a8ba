"use strict";

// The same class as `import` gives.
module.exports = { EventSource: require("./lib/event-source.js").EventSource };
