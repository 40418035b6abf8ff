// Shapes of the HTTP API (v1). Times are RFC 3339 strings, ids are ULID strings, ranges are Unicode code points (end exclusive).
export * from './chat';
export * from './common';
export * from './guard';
export * from './library';
export * from './organisation';
export * from './records';
export * from './services';
export * from './session';
