// What a password must be: long enough, and not made of what anybody would guess. Pure.
//
// Length is counted in characters (Unicode code points after NFKC), not bytes: 15 where the password is the only factor, 8 where another
// factor is always asked for as well. No character kinds are demanded and no change is forced by age (the profile may still ask for it).
//
// Guessing: the cheapest way to write the password as pieces - words of the pack, words around the person, years and dates, keyboard walks,
// runs, repeats, single characters - is found, and its cost in bits compared with a floor. Pieces are also seen through 0 for o, @ for a
// and the like. So "correct horse battery staple" passes and "Sekisho-2026-Demo" does not, whichever kinds of characters it has.
//
// Sources: NIST SP 800-63B-4, 3.1.1.2 (15 and 8 characters, code points, blocklist with context words, no composition rules, no periodic
// change); 10(4)ウ(ウ) (long enough and hard to guess).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::accounts {

struct PasswordRule {
  int least_single = 15;  // characters, one factor
  int least_multi = 8;    // characters, with a second factor
};

struct PasswordVerdict {
  std::string key;      // empty: good. Else "accounts.password_short", "…_guessable", "…_long", "…_encoding"
  int characters = 0;
  int least = 0;
  std::vector<std::string> found;  // kinds of guessable pieces, each once: word, name, year, keyboard, run, repeat
};

class Passwords {
 public:
  // A file of words (packs/passwords/words.txt): any number in a line, # begins a comment line.
  static Result<Passwords> load(const std::string& path, PasswordRule rule);
  static Passwords of(std::vector<std::string> words, PasswordRule rule);

  // `around`: login, names and their readings, body, product, units. `factors`: kinds of proof that a login of this person takes.
  PasswordVerdict judge(std::string_view password, int factors, const std::vector<std::string>& around) const;
  // The error of a verdict that is not good, with its clause.
  static Error error_of(const PasswordVerdict& verdict);
  const PasswordRule& rule() const { return rule_; }

 private:
  std::vector<std::string> words_;  // sorted, each once, at least 3 letters or known
  PasswordRule rule_;
};

// The one form in which a password is hashed: ASCII stays as typed, every run beyond ASCII goes through NFKC_Casefold, so that ｶﾞ, ガ and
// カ with ゛ are the same password on every keyboard.
Secret prepared(const Secret& typed);
// The words of a context entry that can be guessed: lower-cased, split where letters end, and the entry as a whole.
void add_around(std::vector<std::string>& around, std::string_view text);

}  // namespace sekisho::accounts
