(function () {
  "use strict";
  var form = document.getElementById("filters");
  var search = document.getElementById("search");
  var shown = document.getElementById("shown");
  var nothing = document.getElementById("nothing");
  var cases = Array.prototype.slice.call(document.querySelectorAll("article.case"));
  var selects = Array.prototype.slice.call(form.querySelectorAll("select"));
  var texts = new Map();
  document.querySelectorAll(".needs-js").forEach(function (each) { each.hidden = false; });

  function words(article) {
    if (!texts.has(article)) { texts.set(article, article.textContent.toLowerCase()); }
    return texts.get(article);
  }
  function apply() {
    var wanted = selects.filter(function (s) { return s.value !== ""; });
    var terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    cases.forEach(function (article) {
      var fits = wanted.every(function (s) {
        return (article.getAttribute("data-" + s.dataset.facet) || "").split(" ").indexOf(s.value) >= 0;
      }) && terms.every(function (term) { return words(article).indexOf(term) >= 0; });
      article.hidden = !fits;
      if (fits) { count += 1; }
    });
    shown.textContent = count === cases.length ? count + " cases" : count + " of " + cases.length + " cases";
    nothing.hidden = count > 0 || cases.length === 0;
  }
  function each(open, limit) {
    var left = limit;
    cases.forEach(function (article) {
      var details = article.querySelector("details");
      if (details && !article.hidden && (!open || left > 0)) { details.open = open; left -= 1; }
    });
  }
  function follow() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.classList.contains("case")) { return; }
    if (target.hidden) { form.reset(); apply(); }
    var details = target.querySelector("details");
    if (details) { details.open = true; }
    target.scrollIntoView();
  }
  var timer = 0;
  search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  document.getElementById("open-all").addEventListener("click", function () { each(true, 300); });
  document.getElementById("close-all").addEventListener("click", function () { each(false, 0); });
  document.querySelectorAll("[data-show-fault]").forEach(function (button) {
    button.addEventListener("click", function () {
      form.reset();
      form.querySelector('[data-facet="fault"]').value = button.dataset.showFault;
      apply();
      document.getElementById("cases").scrollIntoView();
    });
  });
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("article.fail details, article.error details").forEach(function (d) { d.open = true; });
  });
  follow();
})();
