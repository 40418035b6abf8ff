// What a file is, from its content (magic numbers, archive members, structure), checked against what its name claims. Pure.
//
// The content decides what it can decide: PDF, OOXML, OLE compound files, other binaries and HTML. Among plain texts (txt, md, csv, tsv)
// only the name can tell. A name that contradicts the content is refused, never repaired: "files.mislabelled".
#pragma once
#include <string_view>

#include "core/result.h"
#include "files/model.h"

namespace sekisho::files {

// `name` is a file name in UTF-8 (its extension counts, without case). Failures: files.empty, files.mislabelled, files.unsupported_type,
// files.encrypted (a compound file holding an encrypted OOXML package), files.legacy_format (doc, xls, ppt), files.macro (docm, xlsm,
// pptm).
Result<Type> detect_type(std::string_view name, std::string_view bytes);

// The type that the extension of the name claims, or unsupported "files.unsupported_type". Used by the server before any byte is read.
Result<Type> claimed_type(std::string_view name);

}  // namespace sekisho::files
