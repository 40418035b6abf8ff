// The single detectors behind Detector (private to text). Each appends candidates in code points of the normalised text; Detector chooses
// among those that overlap.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "text/analyse.h"
#include "text/cues.h"
#include "text/digits.h"
#include "text/findings.h"

namespace sekisho::text {

struct Candidate {
  FindingKind kind;
  std::uint32_t begin;
  std::uint32_t end;
  int confidence;
};
using Candidates = std::vector<Candidate>;

struct Looked {
  std::u32string_view text;  // normalised
  const Cues& cues;
  const std::vector<DigitGroup>& groups;
  // The words of a piece of the text with what the dictionary says of names; called seldom.
  std::function<std::vector<TaggedWord>(std::uint32_t begin, std::uint32_t end)> words;
};

void find_my_numbers(const Looked& in, Candidates& out);
void find_long_numbers(const Looked& in, Candidates& out);      // 法人番号, cards
void find_labelled_numbers(const Looked& in, Candidates& out);  // accounts, licences, passports, insurance, residence cards
void find_phones(const Looked& in, Candidates& out);
void find_postal_codes(const Looked& in, Candidates& out);
void find_emails(const Looked& in, Candidates& out);
void find_addresses(const Looked& in, Candidates& out);
void find_birth_dates(const Looked& in, Candidates& out);
void find_names(const Looked& in, Candidates& out);

}  // namespace sekisho::text
