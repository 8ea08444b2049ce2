"""Rules that swap a name for another of the same kind: drug, molecule, country, party, role, section, code symbol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from benchmarks.verification.change import Change, in_quotation, like, replace
from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, pick

# One name a substance, so that no swap can put a synonym in place of a name.
_DRUGS = """aspirin clopidogrel warfarin heparin enoxaparin rivaroxaban apixaban dabigatran metformin insulin glibenclamide
pioglitazone sitagliptin liraglutide simvastatin atorvastatin rosuvastatin pravastatin lisinopril enalapril ramipril losartan
valsartan candesartan amlodipine nifedipine verapamil diltiazem metoprolol atenolol propranolol carvedilol bisoprolol furosemide
spironolactone digoxin amiodarone nitroglycerin ibuprofen naproxen diclofenac celecoxib rofecoxib paracetamol morphine
fentanyl oxycodone tramadol ketamine propofol midazolam lidocaine bupivacaine ropivacaine dexamethasone prednisone prednisolone
hydrocortisone methotrexate azathioprine cyclosporine tacrolimus infliximab adalimumab etanercept rituximab trastuzumab
bevacizumab cetuximab imatinib erlotinib gefitinib sorafenib sunitinib tamoxifen letrozole anastrozole paclitaxel docetaxel
cisplatin carboplatin oxaliplatin gemcitabine doxorubicin cyclophosphamide capecitabine irinotecan temozolomide fluoxetine
sertraline paroxetine citalopram escitalopram venlafaxine duloxetine bupropion amitriptyline lithium risperidone olanzapine
quetiapine haloperidol clozapine aripiprazole diazepam lorazepam phenytoin carbamazepine valproate lamotrigine levetiracetam
gabapentin pregabalin amoxicillin ampicillin azithromycin clarithromycin erythromycin doxycycline ciprofloxacin levofloxacin
vancomycin gentamicin metronidazole rifampicin isoniazid fluconazole amphotericin acyclovir oseltamivir zidovudine lamivudine
tenofovir efavirenz nevirapine ritonavir chloroquine artesunate mefloquine ivermectin albendazole omeprazole pantoprazole
ranitidine ondansetron metoclopramide misoprostol oxytocin mifepristone letrozole clomiphene progesterone estradiol testosterone
levothyroxine alendronate zoledronate denosumab calcitriol salbutamol salmeterol formoterol budesonide fluticasone tiotropium
montelukast theophylline omalizumab melatonin caffeine nicotine varenicline naltrexone buprenorphine methadone disulfiram
donepezil memantine rivastigmine levodopa sildenafil tadalafil finasteride tamsulosin botulinum ciclesonide celecoxib""".split()
_DRUG = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(set(_DRUGS), key=len, reverse=True)) + r")(?![\w-])", re.I)
_MOLECULE = re.compile(r"(?<![\w-])((?:IL|CD|MMP|TLR|miR|CYP|CCL|CXCL|Th|BMP|FGF|Wnt|caspase|STAT|SIRT|H[1-4]K|p|HLA-DR|TNF|PPAR|NF|AKT|COX|GLUT|HDAC|Smad|Notch|Bcl)-?)(\d{1,3})(?![\w.%-]|,\d)")
_COUNTRIES = """Sweden Norway Denmark Finland Germany France Italy Spain Portugal Greece Turkey Canada Australia Japan China India
Brazil Mexico Kenya Uganda Nigeria Ghana Tanzania Malawi Zambia Bangladesh Pakistan Thailand Vietnam Iran Israel Poland
Netherlands Switzerland Austria Belgium Ireland Scotland Taiwan Ethiopia Peru Chile Argentina Massachusetts Maine Connecticut
Delaware California Florida Texas Nevada Illinois Pennsylvania Virginia Maryland Georgia Ohio Michigan""".split()
_COUNTRY = re.compile(r"(?<![\w-])(?:" + "|".join(_COUNTRIES) + r")(?![\w-])(?! (?:Act|Code|Law|General|Ave|Street|University|Corp|Inc|Superior|Supreme|Rule|Const))")
_GROUPS = {
    "women": "men", "men": "women", "mice": "rats", "rats": "mice", "children": "adults", "infants": "adolescents", "adolescents": "infants", "boys": "girls",
    "girls": "boys", "mothers": "fathers", "smokers": "non-smokers", "liver": "kidney", "kidney": "liver", "lung": "colon", "breast cancer": "lung cancer",
    "prostate cancer": "breast cancer", "type 2 diabetes": "type 1 diabetes", "type 1 diabetes": "type 2 diabetes", "placebo": "active control",
}  # fmt: skip
_GROUP = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(_GROUPS, key=len, reverse=True)) + r")(?![\w-])")


def medical(text: str, source: Source) -> Iterator[Change]:
    """A drug, a numbered molecule, a country or a population becomes another."""
    for match in _once(_DRUG, text):
        beside = sorted({m[0].lower() for m in _DRUG.finditer(source.text)})
        others = [d for d in beside or _DRUGS if d not in text.lower()] or [d for d in _DRUGS if d not in text.lower()]
        yield replace(text, match.span(), like(match[0], pick(others, text, "drug")), "drug")
    for match in _once(_MOLECULE, text):
        new = int(match[2]) + 1 + number(text, "molecule") % 4
        if f"{match[1]}{new}" not in text and f"/{match[2]}" not in text:
            yield replace(text, match.span(2), str(new), "molecule")
    for match in _once(_COUNTRY, text):
        yield replace(text, match.span(), pick([c for c in _COUNTRIES[:42] if c not in text], text, "country"), "place")
    for match in _once(_GROUP, text):
        new = _GROUPS[match[0]]
        if not re.search(rf"\b{new}\b", text):
            yield replace(text, match.span(), new, "population")


_ROLES = (
    ("plaintiff", "defendant"), ("plaintiffs", "defendants"), ("appellant", "appellee"), ("appellants", "appellees"), ("petitioner", "respondent"), ("petitioners", "respondents"),
    ("Buyer", "Seller"), ("buyer", "seller"), ("Licensor", "Licensee"), ("licensor", "licensee"), ("Lessor", "Lessee"), ("lessor", "lessee"), ("Landlord", "Tenant"),
    ("Parent", "Company"), ("Disclosing Party", "Receiving Party"), ("Discloser", "Recipient"), ("Distributor", "Supplier"), ("Franchisor", "Franchisee"), ("Lender", "Borrower"),
    ("Assignor", "Assignee"), ("Customer", "Vendor"), ("Indemnifying Party", "Indemnified Party"), ("debtor", "secured party"), ("drawer", "drawee"), ("bailor", "bailee"),
    ("consignor", "consignee"), ("Purchaser", "Vendor"), ("employer", "employee"), ("Consultant", "Client"), ("Manufacturer", "Distributor"), ("Publisher", "Author"), ("Contractor", "Owner"),
    ("issuer", "beneficiary"), ("Supreme Court", "district court"), ("creditor", "debtor"), ("mortgagor", "mortgagee"), ("obligor", "obligee"), ("warehouse", "carrier"),
    ("the prosecution", "the defense"), ("Provider", "Customer"), ("Reseller", "Distributor"), ("Agent", "Principal"), ("issuing bank", "collecting bank"), ("Affiliate", "Network"),
)  # fmt: skip
_ROLE_TO: dict[str, str] = {}
for _a, _b in _ROLES:
    _ROLE_TO.setdefault(_a, _b)
    _ROLE_TO.setdefault(_b, _a)
_ROLE_TO["Parent"], _ROLE_TO["Company"] = "Company", "Parent"
_ROLE = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, _ROLE_TO), key=len, reverse=True)) + r")(?![\w-])(?! (?:Act|Board|Name))")
_SECTION = re.compile(r"((?:§§?|[Ss]ections?|Sec\.|Rule|Article|Title|Exhibit|Chapter|Schedule) ?(?:\d+:\d+[A-Z]?-)?)(\d{1,4})(?=[\s,.;(])(?!\.\d)(?! and| or|, \d)")
_PARTY = re.compile(r"[A-Z][a-z]{3,}")
_NO_PARTY = set("""United States America Corp Corporation Company Inc Limited Bank Trust National Insurance County City Town State Commonwealth Department Secretary
Board Union First Mutual General American International Services Group Estate Matter Hospital University College Association Authority Puerto Rico Rhode
Island Massachusetts Maine Hampshire Connecticut York Boston Commissioner Director Federal Savings Life Casualty Medical Center Health Human Holdings Industries
School District Office Agency Administration Workers Local Employees Social Security Internal Revenue Labor Attorney Immigration Real Property Parcel Restaurant Food Foods Bros Sons Stores Motor Motors Steel Power Light Electric Gas Water Shipping Lines Airlines Petroleum Chemical Products Company Partners Capital Funding Credit Data Systems Computer Communications Telephone Broadcasting Press News Realty Housing Development Construction Engineering Management Retirement Pension Plan Fund Welfare Police Prison Correctional Superintendent Warden Sheriff Doe Roe North South East West Northern Southern Eastern Western Central Under Honorable Estate""".split())


def legal(text: str, source: Source) -> Iterator[Change]:
    """A party, a party's role or the number of a section becomes another."""
    for match in _once(_ROLE, text):
        new = _ROLE_TO[match[0]]
        if not re.search(rf"\b{re.escape(new)}s?\b", text, re.I) and not in_quotation(text, match.start()):
            yield replace(text, match.span(), new, "role")
    if source.kind != "statute":
        names = [name for name in _PARTY.findall(source.title) if name not in _NO_PARTY] if " v. " in source.title else []
        for name in names:
            for match in _once(re.compile(rf"(?<![\w-]){name}(?![\w-])(?!,? (?:v\\.|\\d+ [A-Z]))"), text):
                others = [other for other in names if other not in text] or [o for o in ("Whitfield", "Kowalski", "Ferraro", "Lindqvist") if o not in text]
                yield replace(text, match.span(), pick(others, text, "party"), "party")
    for match in _once(_SECTION, text):
        new = str(int(match[2]) + 1 + number(text, "section") % 7)
        if new not in text:
            yield replace(text, match.span(2), new, "section")


_SYMBOL = re.compile(r":(func|class|meth|mod|attr|exc|data|setting|ref|py:func|py:class|c:func|ttag|tfilter|lookup):`(?:~|!)?([A-Za-z_][\w.]*(?:\(\))?)`")
_CODE = re.compile(r"(?<!:)``([A-Za-z_][\w.]{2,}(?:\(\))?)``|(?<![`:])`([A-Za-z_][\w.]{2,}(?:\(\))?)`(?!`)")
_DOTTED = re.compile(r"(?<![\w.`/])((?:[A-Z][A-Za-z]+|numpy|pandas|np|pd)\.[a-z_]+(?:\.\w+)*)(?![\w/])")
_LITERAL = {"True": "False", "False": "True", "None": "True"}


def technical(text: str, source: Source) -> Iterator[Change]:
    """A function, class, module, attribute or option becomes another of its kind from the same page; True becomes False."""
    for match in _once(_SYMBOL, text, 2):
        others = sorted({m[2] for m in _SYMBOL.finditer(source.text) if m[1] == match[1]})
        yield from _symbol(text, match.span(2), match[2], others, match[1])
    for match in _once(_CODE, text, 0):
        group = 1 if match[1] else 2
        name = match[group]
        if name in _LITERAL:
            if _LITERAL[name] not in text and not re.search(r"\b(?:True|False|None)\b", text.replace(name, "")):
                yield replace(text, match.span(group), _LITERAL[name], "constant")
            continue
        others = sorted({m[1] or m[2] for m in _CODE.finditer(source.text)})
        yield from _symbol(text, match.span(group), name, [o for o in others if o not in _LITERAL and _shape(o) == _shape(name)], "code name")
    for match in _once(_DOTTED, text):
        others = sorted({m[1] for m in _DOTTED.finditer(source.text)})
        yield from _symbol(text, match.span(1), match[1], others, "dotted name")
    if source.kind == "html":
        for match in _once(re.compile(r"(?<![\w`.])(?:True|False)(?![\w`])"), text):
            if _LITERAL[match[0]] not in text:
                yield replace(text, match.span(), _LITERAL[match[0]], "constant")


def _shape(name: str) -> tuple[bool, bool, bool]:
    return name.isupper(), name[:1].isupper(), name.endswith("()")


def _symbol(text: str, span: tuple[int, int], old: str, others: list[str], rule: str) -> Iterator[Change]:
    short = {part.lower() for part in (old, old.split(".")[-1], old.rstrip("()"))}
    usable = [o for o in others if o not in text and o.split(".")[-1].rstrip("()").lower() not in short and old not in o]
    if usable:
        yield replace(text, span, pick(usable, text, span, "symbol"), rule)


def _once(pattern: re.Pattern[str], text: str, group: int = 0) -> Iterator[re.Match[str]]:
    """The matches whose words stand in the text one time only: a swap of one of two would contradict itself."""
    for match in pattern.finditer(text):
        name = match[group] if group else match[0]
        if len(re.findall(rf"(?<!\w){re.escape(name.strip('`'))}(?!\w)", text, re.I)) == 1:
            yield match


BY_DOMAIN: Mapping[str, object] = {"legal": legal, "medical": medical, "technical": technical}


def names(text: str, source: Source) -> Iterator[Change]:
    """The rule of the passage's own domain."""
    rules = {"legal": legal, "medical": medical, "technical": technical}
    yield from rules[source.domain](text, source)
