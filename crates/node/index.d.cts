import wellspring = require("./types.d.cts");

export = wellspring;
