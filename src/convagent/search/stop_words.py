"""Stop words by language: words that say nothing of what a text is about.

Besides the grammar of each language, the lists hold what customers wrap a question in ("hi", "please", "I'd like to
know"): in help-centre articles such words are rare, so that without the lists they'd weigh more than the question
itself. They hold negations too, since "not received" is found by "received". The lists are small on purpose; a language
without one is indexed with all its words.
"""

from __future__ import annotations

__all__ = ["STOP_WORDS"]

_ENGLISH = """
a about above after again against all also although am an and any anyone anything are as at away be because been
before being below between both but by can cannot could did do does doing done down during each either else ever every
few for from further had has have having he her here hers herself him himself his how however i if in into is it its
itself just may me might more most much must my myself neither no nor not now of off on once only or other our ours
ourselves out over own per quite rather same shall she should since so some someone something such than that the their
theirs them themselves then there these they this those though through thus to too under until up upon very via was we
were what when where whether which while who whom whose why will with within without would yet you your yours yourself
yourselves ain aren couldn d didn doesn don hadn hasn haven isn ll m mustn needn re s shouldn t ve wasn weren won
wouldn bye dear get gets getting go goes going gonna got gotten guess hello hey hi know let like ok okay please really
sorry sure tell thank thanks thing things think want wanted wants wanna way wonder wondering yeah yep yes need needs
needed
"""

_GERMAN = """
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim
bin bis bist bitte da dabei dadurch dafür daher damit danach dann daran darauf daraus darf das dass daß davon dazu
dein deine deinem deinen deiner dem den denn der des deshalb dessen deswegen die dies diese diesem diesen dieser
dieses dir doch dort du durch ein eine einem einen einer eines einige einmal er es etwas euch euer eure für ganz gar
gegen gerade gern gerne gewesen hab habe haben habt hallo hat hatte hatten hattest hi hier hin hinter ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins irgendwie ist ja jede jedem jeden jeder jedes jene jetzt
kann kannst kein keine keinem keinen keiner können könnt könnte könnten leider man manche mehr mein meine meinem
meinen meiner meines mich mir mit mal moin möchte möchten muss musst müssen na nach nachdem nein nicht nichts noch nun
nur ob oder ohne okay ok sehr seid sein seine seinem seinen seiner seit selbst sich sie sind so sobald soll sollen
sollte sondern sonst soweit sowie servus um und uns unser unsere unserem unseren unserer unter viel vielen vom von vor
während war waren warst was weg weil weiß welche welchem welchen welcher welches wenn wer werde werden wie wieder will
wir wird wirst wo woher wohin wollen wollte würde würden zu zum zur zwar zwischen danke dank fuer koennen koennte
moechte muessen ueber über wuerde gibt geht guten grüße
"""

_FRENCH = """
à a afin ai aie aient ainsi ait alors après as au aucun aucune aujourd aura aurait aussi autre autres aux avait avant
avec avez avoir avons ayant bien bonjour bonsoir c ça car ce ceci cela celle celles celui ces cet cette ceux chaque
chez ci comme comment d dans de depuis des dès dois doit donc dont du durant elle elles en encore entre es est et
étaient était étant été êtes être eu eux fait faire faut fois fut hui il ils j je jusqu jusque l la là le les leur
leurs lors lorsque lui m ma mais me même mêmes merci mes moi moins mon n ne ni non nos notre nôtre nous on ont ou où
par parce pas pendant peu peut peux plait plaît plus pour pourquoi pourrais pourrait pouvez puis puisque qu quand que
quel quelle quelles quelque quelques quels qui quoi s sa salut sans se sera serait ses si sien soit sommes son sont
sous suis sur t ta tant te tel telle tes toi ton tous tout toute toutes très trop tu un une va vais vers veut veux
voici voilà voir vos votre vôtre voudrais voudrait voulez vous vu y oui ok svp stp
"""

_SPANISH = """
a al algo alguna algunas alguno algunos ante antes aquel aquella aquellas aquello aquellos aquí así aún aunque buenas
buenos cada como cómo con contra cual cuál cuales cuáles cualquier cuando cuándo cuanto cuánto de del desde donde
dónde dos durante e el él ella ellas ello ellos en entonces entre era eran eres es esa esas ese eso esos esta está
están estar estas este esto estos estoy fue fueron gracias ha haber había han has hasta hay he hemos hola la las le
les lo los más me mi mí mis mientras mucho muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra
otras otro otros para pero poco podría podrían por porque pues puede pueden puedo que qué querer quería quien quién
quienes quiero saber se sea ser será si sí sido sin sobre sois solo sólo son soy su sus también tan tanto te tenemos
tener tengo ti tiene tienen todo todos tu tú tus un una unas uno unos usted ustedes va vosotros voy vuestra vuestro y
ya yo días tardes favor quisiera ok
"""

_ITALIAN = """
a ad agli ai al alcuna alcune alcuni alla alle allo allora altra altre altri altro anche ancora avere aveva avete
abbiamo avevo buongiorno buonasera c che chi ci ciao ciò cioè col come con contro cosa così cui d da dagli dai dal
dalla dalle dallo degli dei del della delle dello dentro deve devo di dopo dove dovrei dunque e è ed era erano essere
fa fare fino fra già gli grazie ha hai hanno ho i il in io l la le lei li lo loro lui ma me mentre mi mia mie miei mio
molta molto ne negli nei nel nella nelle nello no noi non nostra nostre nostri nostro o ogni oppure per perché però
più po poco poi possiamo posso potete potrei può puoi qua qual quale quali quando quanta quante quanti quanto quella
quelle quelli quello questa queste questi questo qui s salve sapere se sei sempre senza si sia siamo siete solo sono
sopra sotto sta stata stato su sua sue sugli sui sul sulla sulle sullo suo suoi tra te ti tu tua tue tuo tuoi tutta
tutte tutti tutto un una uno va vi voglio voi volevo vorrei vostra vostre vostri vostro favore ok
"""

_DUTCH = """
aan af al alle alleen als altijd andere ben bent bij daar daarna dag dan dank dat de deze die dit doen door dus een
eens elk en er ergens even geen geweest graag had hadden hallo heb hebben hebt heeft heel hem hen het hier hij hoe hoi
hun iemand iets ik in indien is ja je jij jou jouw jullie kan kunnen kunt maar me meer men met mij mijn misschien
mocht moet moeten na naar niet niets nog nu of om omdat onder ons onze ook op over per sinds te tegen toch toen tot
tussen u uit uw van veel via voor want waar waarom wanneer waren was wat we weer wel welk welke werd weten wie wij wil
wilde willen word worden wordt zal ze zeer zelf zich zij zijn zo zonder zou zouden bedankt dankjewel alstublieft
alsjeblieft ok
"""

_PORTUGUESE = """
a à ainda algo algum alguma alguns ao aos aquela aquelas aquele aqueles aquilo as às até boa bom com como cada contra
da das de dela dele deles depois desde dessa desse desta deste do dos e é ela elas ele eles em entre era eram és essa
essas esse esses esta está estão estar estas este estes estou eu foi for foram gostaria há isso isto já lhe lhes lo
mais mas me meu meus mesmo minha minhas muito muita na nada não nas nem nenhum no nos nós nossa nossas nosso nossos
num numa o obrigada obrigado olá oi onde os ou outra outro para pela pelas pelo pelos pode podem poderia por porque
posso pouco pra qual quais quando quanto que quê quem quero queria saber são se seja sem ser será seu seus si sim só
sobre sou sua suas também tem têm tenho ter teu toda todas todo todos tu tua tudo um uma umas uns vai você vocês vos
dia tarde favor ok
"""

_SWEDISH = """
alla allt att av bara bli blir blev de dem den denna deras dess det detta dig din dina ditt du då där efter eller en
er era ett får fick finns från för går gör ha hade han hans har hej hejsan henne hennes hon honom hur här i icke in
ingen inom inte jag ju kan kunde kunna man med mellan men mig min mina mitt mot mycket måste ni nu när någon något
några och om oss på redan sedan sig sin sina sitt ska skulle som så sådan tack till upp ut utan vad var vara varför
varit varje vem vi vid vilka vilken vilket vill ville vänligen över är åt ja nej vår våra vårt snälla ok
"""

_DANISH = """
ad af alle alt anden at bare blev blive bliver da de dem den denne der deres det dette dig din dine dit disse dog du
efter eller en end er et få får for fra før gøre gør ham han hans har havde have hej hende hendes her hos hun hvad
hvem hver hvilken hvis hvor hvordan hvorfor hvornår i ikke ind ingen jeg jer jeres jo kan kunne lige man mange med
meget mellem men mig min mine mit må måske ned nej noget nogle nogen nu når og også om op os over på sagt selv sig sin
sine sit skal skulle som så sådan tak til ud uden under var ved vi vil ville vores være været ja venligst gerne ok
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    "da": frozenset(_DANISH.casefold().split()),
    "de": frozenset(_GERMAN.casefold().split()),
    "en": frozenset(_ENGLISH.casefold().split()),
    "es": frozenset(_SPANISH.casefold().split()),
    "fr": frozenset(_FRENCH.casefold().split()),
    "it": frozenset(_ITALIAN.casefold().split()),
    "nl": frozenset(_DUTCH.casefold().split()),
    "pt": frozenset(_PORTUGUESE.casefold().split()),
    "sv": frozenset(_SWEDISH.casefold().split()),
}
"""Stop words by two-letter language code, casefolded, with their accents."""
