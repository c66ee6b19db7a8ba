/** The same types for ESM, which may import from CommonJS whatever the compiler's settings; the reverse may not. */

export * from "./index.cjs";
