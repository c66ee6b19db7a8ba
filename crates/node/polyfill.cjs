"use strict";

require("./polyfill.js");
