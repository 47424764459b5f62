// Search without minding accents. It becomes part of language_data.js, which the search page loads after searchtools.js.
// `folded` here and in conf.py must agree. On composed text it leaves every letter in its place.
const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

var Stemmer = function () {
  this.stemWord = folded;
};

const asked = () => folded(new URLSearchParams(location.search).get("q") ?? "").trim();

// The headings that hold what is asked, each with its place in the page.
const headings = (phrase) => {
  const { alltitles, docnames, filenames, titles } = Search._index;
  return Object.entries(alltitles)
    .filter(([title]) => folded(title).includes(phrase))
    .flatMap(([title, places]) => places.map(([page, id]) => [page, id, title]))
    .map(([page, id, title]) => {
      const name = titles[page] === title ? title : `${titles[page]} > ${title}`;
      const score = Scorer.title * (1 + phrase.length / title.length);
      return [docnames[page], name, id ? "#" + id : "", null, score, filenames[page], SearchResultKind.title];
    });
};

// First the pages that have every pair of neighbours in the query; where there is none, those that have every word.
const byWords = Search._performSearch;
Search._performSearch = (query, terms, ...rest) => {
  localStorage.removeItem("sphinx_highlight_terms"); // single syllables, marked all over the page that is opened
  const words = splitQuery(folded(query));
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  const near = pairs.length ? byWords(query, new Set(pairs), ...rest) : [];
  const found = near.length ? near : byWords(query, terms, ...rest);
  const named = headings(asked());
  const places = new Set(named.map(([page, , anchor]) => page + anchor));
  return [...found.filter(([page, , anchor]) => !places.has(page + anchor)), ...named].sort(_orderResultsByScoreThenName);
};

// The lines around the phrase, or around the first of its words that stands in the page.
Search.makeSearchSummary = (html, words, anchor) => {
  const place = anchor && "#" + CSS.escape(anchor.slice(1)); // the name of an API entry has dots
  const text = Search.htmlToText(html, place).replace(/[\s─]+/g, " ");
  const plain = folded(text);
  const found = [asked(), ...words].find((part) => plain.includes(part)) ?? "";
  const at = plain.indexOf(found);
  const after = at + found.length;
  const start = Math.max(text.lastIndexOf(" ", at - 80), 0);
  const end = text.indexOf(" ", after + 160);
  const mark = document.createElement("mark");
  mark.textContent = text.slice(at, after);
  const summary = document.createElement("p");
  summary.className = "context";
  summary.append(start ? "…" : "", text.slice(start, at), mark, text.slice(after, end < 0 ? undefined : end), end < 0 ? "" : "…");
  return summary;
};

// Sphinx says these in no language where its Vietnamese catalogue is empty.
Documentation.addTranslations({
  locale: "vi",
  plural_expr: "0",
  messages: {
    Searching: "Đang tìm",
    "Preparing search...": "Đang chuẩn bị…",
    "Search Results": "Kết quả tìm kiếm",
    ", in ": ", ở trang ",
    "Search finished, found one page matching the search query.": ["Tìm thấy ${resultCount} chỗ."],
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "Không tìm thấy. Thử ít chữ hơn; gõ có dấu hay không dấu đều được.",
  },
});
