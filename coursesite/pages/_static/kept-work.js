// Lists the notebooks that JupyterLite keeps in this browser, of every release of the course, each with a button that
// downloads it. A release has a database of its own, whose name begins with the list's `data-prefix`; JupyterLite
// keeps files in its store "files", by their paths.

const list = document.querySelector("#kept-work");
const { prefix, current } = list.dataset;

/** The result of a request to IndexedDB. */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The notebooks that one release has kept. */
async function notebooksOf(name) {
  const database = await answered(indexedDB.open(name));
  try {
    if (!database.objectStoreNames.contains("files")) return [];
    const files = await answered(database.transaction("files").objectStore("files").getAll());
    return files.filter((file) => file.type === "notebook").map((file) => ({ ...file, release: name }));
  } finally {
    database.close();
  }
}

async function notebooks() {
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const found = (await Promise.all(names.map(notebooksOf))).flat();
  return found.sort((one, other) => other.last_modified.localeCompare(one.last_modified));
}

function download(file) {
  const link = document.createElement("a");
  const text = typeof file.content === "string" ? file.content : JSON.stringify(file.content, null, 1);
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function line(file) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const saved = new Date(file.last_modified).toLocaleString();
  const release = file.release === current ? "this release" : "an earlier release";
  button.type = "button";
  button.textContent = "Download";
  button.setAttribute("aria-label", `Download ${file.path} of ${release}, saved ${saved}`);
  button.addEventListener("click", () => download(file));
  item.append(button, ` ${file.path} (${release}, saved ${saved})`);
  return item;
}

function say(text) {
  const sentence = document.createElement("p");
  sentence.textContent = text;
  list.replaceChildren(sentence);
}

async function show() {
  const found = await notebooks();
  if (found.length === 0) return say("This browser keeps no work of yours yet.");
  const lines = document.createElement("ul");
  lines.append(...found.map(line));
  list.replaceChildren(lines);
}

show().catch((error) => say(`This browser does not let the page look (${error.message}): use File → Download in JupyterLab.`));
