extension Page {
  /// The page's only script. Without it everything can be read but packed details; it narrows and sorts managers, opens the one
  /// that the address names, unpacks details, sorts tables and saves them as CSV, and lets the
  /// keyboard scroll what is wider than the window.
  static let script = """
    (function(){
    "use strict";
    \(list)
    \(details)
    \(tables)
    })();
    """

  /// Narrowing and sorting the list of managers.
  private static let list = """
    var box=document.getElementById("find"),count=document.getElementById("found"),order=document.getElementById("order");
    var all=Array.prototype.slice.call(document.querySelectorAll("details.manager"));
    var choices=Array.prototype.slice.call(document.querySelectorAll("select.choose"));
    function plain(text){return text.replace(/\\u00a0/g," ");}
    var names=all.map(function(d){return plain(d.querySelector(".name").textContent).toLowerCase();});
    function find(){var text=plain(box.value).trim().normalize().toLowerCase(),shown=0;
    var wanted=choices.map(function(c){return c.value;}).filter(Boolean);
    all.forEach(function(d,i){var hit=names[i].indexOf(text)>=0&&wanted.every(function(w){
    return d.dataset.choices.indexOf(" "+w+" ")>=0;});
    d.hidden=!hit;if(hit){shown++;}});
    count.textContent=text||wanted.length?shown+" of "+all.length+" managers":"";}
    function sort(){if(!all.length){return;}var key=order.value.split(" "),sorted=all.map(function(d,i){
    var text=key[0]?d.dataset[key[0]]:i;return {d:d,i:i,known:text!=="",value:+text};});
    var sign=+key[1]||1;sorted.sort(function(a,b){
    return a.known!==b.known?(a.known?-1:1):sign*(a.value-b.value)||a.i-b.i;});
    var parent=all[0].parentNode,before=all[all.length-1].nextSibling,moved=document.createDocumentFragment();
    while(before&&before.className==="manager"){before=before.nextSibling;}
    sorted.forEach(function(s){moved.appendChild(s.d);});parent.insertBefore(moved,before);}
    if(box){box.form.hidden=false;box.form.addEventListener("submit",function(e){e.preventDefault();});
    box.addEventListener("input",find);choices.forEach(function(c){c.addEventListener("change",find);});
    order.addEventListener("change",sort);find();if(order.value){sort();}}
    """

  /// Opening managers, unpacking their details on demand, and printing.
  private static let details = """
    var parts={},size=\(ManagersSection.partSize),isPacked=!!document.getElementById("part-0");
    all.forEach(function(d,i){d.place=i;});
    function part(n){if(!parts[n]){var text=atob(document.getElementById("part-"+n).textContent);
    var bytes=new Uint8Array(text.length);for(var i=0;i<text.length;i++){bytes[i]=text.charCodeAt(i);}
    parts[n]=new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();}
    return parts[n];}
    document.addEventListener("toggle",function(e){var d=e.target;
    if(d.className!=="manager"||!d.open||!isPacked||d.isWhole){return;}
    var body=d.lastElementChild,n=Math.floor(d.place/size);new Promise(function(done){done(part(n));}).then(function(list){
    if(!d.isWhole){body.innerHTML=list.map(function(c){return whole(c,d.place%size);}).join("");
    d.isWhole=true;equip(body);}}).catch(function(){delete parts[n];
    body.textContent="This browser can't unpack the details; managers.csv and pairs.csv hold them.";});},true);
    function whole(c,i){var numbers=c[2][i].split(" "),k=0;
    return c[0][c[1][i]].replace(/\\u0001/g,function(){return numbers[k++];});}
    function open(){var target=location.hash&&document.getElementById(location.hash.slice(1));
    if(target&&target.tagName==="DETAILS"){target.hidden=false;target.open=true;target.scrollIntoView();}}
    window.addEventListener("hashchange",open);open();
    window.addEventListener("beforeprint",function(){if(all.length<=50){all.forEach(function(d){d.open=true;});}});
    """

  /// Sorting tables by a column, and saving them. A number sorts by its unit, what lies below or beyond one beside it; what a
  /// spreadsheet would take for a formula gets an apostrophe (`SpreadsheetText`).
  private static let tables = """
    var units={s:1,min:60,h:3600,"working h":3600,days:86400};
    function key(text){var m=/^([<>]|under )?([+−-]?[0-9][0-9,]*(?:\\.[0-9]+)?)(?:\\s*(working h|days|min|h|s)(?![a-z]))?/.exec(text.trim());
    return m?+m[2].replace(/,/g,"").replace("−","-")*(units[m[3]]||1)+(m[1]?m[1]===">"?1e-9:-1e-9:0):NaN;}
    function cells(row){return Array.prototype.slice.call(row.cells).map(function(c){return plain(c.textContent);});}
    function by(table,column,th){var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows);
    var down=th.getAttribute("aria-sort")==="ascending";
    var keyed=rows.map(function(r,i){var t=plain(r.cells[column].textContent);return {r:r,i:i,t:t,k:key(t)};});
    var isNumber=th.className==="n";
    keyed.sort(function(a,b){if(isNumber&&isNaN(a.k)!==isNaN(b.k)){return isNaN(a.k)?1:-1;}
    var d=isNumber?(isNaN(a.k)?0:a.k-b.k):a.t.localeCompare(b.t,"en",{numeric:true});return (down?-d:d)||a.i-b.i;});
    Array.prototype.forEach.call(th.parentNode.cells,function(c){c.removeAttribute("aria-sort");});
    th.setAttribute("aria-sort",down?"descending":"ascending");
    keyed.forEach(function(k){body.appendChild(k.r);});}
    function quoted(text,isNumber){if(!isNumber&&/^[=+\\-@\\t\\r\\n'\\uFF1D\\uFF0B\\uFF0D\\uFF20]/.test(text)){text="'"+text;}
    return /[",\\r\\n]/.test(text)?'"'+text.replace(/"/g,'""')+'"':text;}
    function csv(table){var numbers=Array.prototype.slice.call(table.tHead.rows[0].cells).map(function(c){
    return c.className==="n";});
    return [table.tHead.rows[0]].concat(Array.prototype.slice.call(table.tBodies[0].rows)).map(function(r,i){
    return cells(r).map(function(t,j){return quoted(t.replace(/−/g,"-"),i>0&&numbers[j]&&!isNaN(key(t)));}).join(",");
    }).join("\\r\\n")+"\\r\\n";}
    function save(table,name){var a=document.createElement("a");
    a.href=URL.createObjectURL(new Blob(["\\uFEFF"+csv(table)],{type:"text/csv;charset=utf-8"}));
    a.download=name.toLowerCase().replace(/[^a-z0-9]+/g,"-").replace(/^-|-$/g,"").slice(0,60)+".csv";a.click();
    setTimeout(function(){URL.revokeObjectURL(a.href);},1000);}
    var watch=window.ResizeObserver&&new ResizeObserver(function(seen){seen.forEach(function(e){scrolls(e.target);});});
    function scrolls(s){var table=s.querySelector("table"),svg=s.querySelector("svg");
    if(s.scrollWidth<=s.clientWidth+1){["tabindex","role","aria-label"].forEach(function(a){s.removeAttribute(a);});return;}
    s.tabIndex=0;s.setAttribute("role","group");
    s.setAttribute("aria-label",table?table.caption.firstChild.data:svg?svg.getAttribute("aria-label"):"");}
    function equip(root){if(watch){Array.prototype.forEach.call(root.querySelectorAll(".scroll"),function(s){watch.observe(s);});}
    Array.prototype.forEach.call(root.querySelectorAll("table"),function(table){
    if(table.dataset.ready){return;}table.dataset.ready=1;var name=table.caption.textContent;
    Array.prototype.forEach.call(table.tHead.rows[0].cells,function(th,column){var b=document.createElement("button");
    b.type="button";b.textContent=th.textContent;th.textContent="";th.appendChild(b);
    b.addEventListener("click",function(){by(table,column,th);});});
    var s=document.createElement("button");s.type="button";s.textContent="save as CSV";
    s.setAttribute("aria-label","Save as CSV: "+(name.length>60?name.slice(0,60).replace(/\\s+\\S*$/,"")+"…":name));
    s.addEventListener("click",function(){save(table,name);});table.caption.appendChild(s);});}
    equip(document);
    """
}
